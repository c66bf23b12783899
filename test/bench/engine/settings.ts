/** Jobs or phases that each of the two workers runs at a time; what a migrator has unless it is told otherwise. */
export const CONCURRENCY = 50;

/** Where the bare chain keeps its jobs and its entries. */
export const BARE_QUEUE = 'chain';
export const BARE_PREFIX = '{bare}';

/** The stream of one chain. */
export function bareStream(chain: string): string {
  return `${BARE_PREFIX}:log:${chain}`;
}

/** What one job of a chain carries: about as much as a job of the engine. */
export interface BareJob {
  readonly chain: string;
  readonly step: number;
}

/** As the engine's queues are set. */
export const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true } as const;

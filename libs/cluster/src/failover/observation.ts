/**
 * How one worker found one node.
 * - `answering`: PING and a data command answered in time.
 * - `slow`: it answers PING, but data commands late or not at all (creating slots holds them up), or everything later than it should.
 * - `refused`: the machine says that nobody listens: the process is gone.
 * - `unreachable`: no connection, and nobody who says why.
 * - `hanging`: it accepts connections and answers nothing: stopped, or its disk hangs.
 */
export const NODE_CONDITIONS = ['answering', 'slow', 'refused', 'unreachable', 'hanging'] as const;
export type NodeCondition = (typeof NODE_CONDITIONS)[number];

/** What one worker says of one node. */
export interface NodeVote {
  readonly node: string;
  readonly condition: NodeCondition;
  /** How long it has not answered anything at all at the time of the vote, in milliseconds; 0 while it answers. */
  readonly silentMs: number;
  /** When its process started, wall clock milliseconds by its own uptime; null when not known. */
  readonly startedAt: number | null;
}

/** What one worker says of a cluster. `at`: milliseconds of the clock all votes are compared by. */
export interface WorkerVote {
  readonly worker: string;
  readonly at: number;
  readonly nodes: readonly NodeVote[];
}

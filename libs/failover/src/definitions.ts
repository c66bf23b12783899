import type { WorkflowDefinition } from '@slotferry/workflow';

/** The queue that failover workers serve. */
export const failoverQueue = 'failover';

/** A dead master is replaced by the best replica. */
export interface FailoverInput {
  readonly [key: string]: string | number | boolean;
  readonly cluster: string;
  readonly group: number;
  /** Counts the failovers of the group, so that however many workers see one death, one workflow follows. */
  readonly epoch: number;
  /** The master that is dead, `host:port`. */
  readonly master: string;
  /** An operator has to approve before anything is changed. */
  readonly approvalNeeded: boolean;
}

export const failoverPhases = [
  'confirm',
  'park',
  'survey',
  'elect',
  'converge',
  'promote',
  'reroute',
  'reattach',
  'release',
  'close',
] as const;

const minute = 60_000;

export const failoverDefinition: WorkflowDefinition<FailoverInput> = {
  name: 'failover',
  queue: failoverQueue,
  idPrefix: 'fo',
  phases: failoverPhases,
  limits: {
    reroute: { maxAttempts: 10_000, backoffMs: 200, backoffMaxMs: 2_000 },
    reattach: { maxAttempts: 100, backoffMaxMs: 5_000 },
    release: { maxAttempts: 1_000, backoffMaxMs: 5_000 },
  },
  title: ({ group, master }) => `failover of group ${group}: ${master} is dead`,
  scope: ({ cluster }) => cluster,
  resources: ({ cluster, group }) => [groupResource(cluster, group)],
  touches: ({ cluster, group }) => [groupResource(cluster, group)],
};

/** A node of a group that does not follow its master as it should is made to: a master that returned, a replica that is stuck. */
export interface RejoinInput {
  readonly [key: string]: string | number;
  readonly cluster: string;
  readonly group: number;
  /** The node to be mended, `host:port`. */
  readonly node: string;
  /** What was found: a `FindingCode`. */
  readonly finding: string;
}

export const rejoinPhases = ['survey', 'measure', 'keep', 'attach', 'verify'] as const;

export const rejoinDefinition: WorkflowDefinition<RejoinInput> = {
  name: 'rejoin',
  queue: failoverQueue,
  idPrefix: 'rj',
  phases: rejoinPhases,
  limits: { attach: { maxAttempts: 1_000, backoffMaxMs: 10_000 } },
  title: ({ group, node, finding }) => `${node} rejoins group ${group} (${finding})`,
  scope: ({ cluster }) => cluster,
  resources: ({ cluster, node }) => [`node:${cluster}:${node}`],
  touches: ({ cluster, group }) => [groupResource(cluster, group)],
};

/** Master and replica of a group change places, planned, without a loss. */
export interface SwitchoverInput {
  readonly [key: string]: string | number | boolean;
  readonly cluster: string;
  readonly group: number;
  readonly from: string;
  readonly to: string;
  /** Go on where requests cannot be held at the proxies: writes of the last moments may be lost. */
  readonly acceptLoss: boolean;
  /** Not before this time, ISO 8601; empty: at once. */
  readonly notBefore: string;
}

export const switchoverPhases = ['preflight', 'sync', 'handover', 'reattach', 'close'] as const;

export const switchoverDefinition: WorkflowDefinition<SwitchoverInput> = {
  name: 'switchover',
  queue: failoverQueue,
  idPrefix: 'sw',
  phases: switchoverPhases,
  limits: {
    // One that waits for its night may wait for weeks.
    preflight: { deadlineMs: 366 * 24 * 60 * minute },
    handover: { backoffMs: 200, backoffMaxMs: 10_000, maxAttempts: 20 },
  },
  title: ({ group, from, to }) => `switchover of group ${group} from ${from} to ${to}`,
  scope: ({ cluster }) => cluster,
  // Not the group itself: a master that dies while its switchover waits is replaced all the same, and the switchover is parked.
  resources: ({ cluster, group }) => [`switchover:${cluster}:${group}`],
  touches: ({ cluster, group }) => [groupResource(cluster, group)],
};

/** What a failover holds alone, and what everybody touches who works on the group. */
export function groupResource(cluster: string, group: number): string {
  return `group:${cluster}:${group}`;
}

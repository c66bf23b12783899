import type { WorkflowDefinition } from '@slotferry/workflow';

/** The queues that migrators serve. Whoever looks after hundreds of moves does not wait in the same one as they do. */
export const migrationQueue = 'migration';
export const rebalanceQueue = 'rebalance';

/** One slot from the group that owns it to another one. */
export type MoveSlotInput = {
  readonly cluster: string;
  readonly table: number;
  readonly slot: number;
  /** The owning group when the move was asked for. */
  readonly from: number;
  readonly to: number;
  /** Its parent created the slot on the target's nodes, empty, and attached it: the masters then, `host:port`. */
  readonly prepared?: { readonly source: string; readonly target: string };
  /** It is not handed over before its parent says, by its fact `allCreated`, that no slot is created on the target any more. */
  readonly awaitsCreation?: boolean;
};

/** Makes the cluster as its definition says, as far as that needs no slot to be moved. */
export interface BootstrapInput {
  readonly [key: string]: string | number;
  readonly cluster: string;
}

export const moveSlotPhases = [
  'preflight',
  'create-slots',
  'attach-master',
  'attach-replicas',
  'catch-up',
  'handover',
  'verify',
  'clean-up',
] as const;

const minute = 60_000;

export const moveSlotDefinition: WorkflowDefinition<MoveSlotInput> = {
  name: 'move-slot',
  queue: migrationQueue,
  idPrefix: 'mv',
  phases: moveSlotPhases,
  // What was started last gets to its handover while hundreds wait for theirs.
  yielding: moveSlotPhases.slice(moveSlotPhases.indexOf('handover')),
  limits: {
    'create-slots': { deadlineMs: 30 * minute },
    handover: { backoffMs: 200, backoffMaxMs: 10_000, maxAttempts: 20 },
    'clean-up': { maxAttempts: 1_000 },
  },
  title: ({ slot, table, from, to }) =>
    `slot ${slot}${table === 0 ? '' : ` of table ${table}`} from group ${from} to group ${to}`,
  scope: ({ cluster }) => cluster,
  resources: ({ cluster, table, slot }) => [`slot:${cluster}:${table}:${slot}`],
  touches: ({ cluster, from, to }) => touchedGroups(cluster, [from, to]),
};

/** How workflows name the groups they work on: `group:<cluster>:<group>`, each once, in order. */
export function touchedGroups(cluster: string, groups: Iterable<number>): string[] {
  return [...new Set(groups)].sort((a, b) => a - b).map((group) => `group:${cluster}:${group}`);
}

export const bootstrapPhases = [
  'preflight',
  'create-slots',
  'attach-replicas',
  'create-groups',
  'assign-slots',
  'verify',
] as const;

export const bootstrapDefinition: WorkflowDefinition<BootstrapInput> = {
  name: 'bootstrap',
  queue: migrationQueue,
  idPrefix: 'bs',
  phases: bootstrapPhases,
  title: ({ cluster }) => `bootstrap of cluster ${cluster}`,
  scope: ({ cluster }) => cluster,
  resources: ({ cluster }) => [`bootstrap:${cluster}`],
};

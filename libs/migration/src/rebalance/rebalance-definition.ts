import type { WorkflowDefinition } from '@slotferry/workflow';
import { rebalanceQueue, touchedGroups } from '../definitions';
import { type CompactMoves, expandMoves } from './compact-moves';
import type { RebalanceLimits } from './limits';

/** Many moves as one piece of work, bound to the plan they were approved with. */
export type RebalanceInput = {
  readonly cluster: string;
  /** Id of the approved plan. */
  readonly plan: string;
  /** The plan's hash over moves and topology. */
  readonly hash: string;
  readonly moves: readonly CompactMoves[];
  readonly limits: RebalanceLimits;
  /** Handovers of these slots that others left in the router's queue are taken out of it. */
  readonly adopt?: boolean;
};

const day = 24 * 3_600_000;

export const rebalanceDefinition: WorkflowDefinition<RebalanceInput> = {
  name: 'rebalance',
  queue: rebalanceQueue,
  idPrefix: 'rb',
  phases: ['prepare', 'move', 'settle'],
  limits: { move: { deadlineMs: 30 * day }, prepare: { maxAttempts: 1_000 } },
  title: ({ moves, cluster }) => `rebalance of ${expandMoves(moves).length} slots of cluster ${cluster}`,
  scope: ({ cluster }) => cluster,
  resources: ({ cluster }) => [`rebalance:${cluster}`],
  touches: ({ cluster, moves }) =>
    touchedGroups(
      cluster,
      moves.flatMap(({ from, to }) => [from, to]),
    ),
};

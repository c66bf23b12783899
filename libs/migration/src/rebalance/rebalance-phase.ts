import { keyOf, type SlotMove } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { Json, Outcome, Phase, PhaseContext } from '@slotferry/workflow';
import type { ClusterSource } from '@slotferry/inventory';
import { tolerant } from '../outcomes';
import { expandMoves } from './compact-moves';
import type { RebalanceInput } from './rebalance-definition';

export type RebalanceContext = PhaseContext<RebalanceInput>;

/** What the phases of a rebalance have in common. */
export abstract class RebalancePhase implements Phase<RebalanceInput> {
  readonly workflow = 'rebalance';
  abstract readonly name: string;

  constructor(private readonly clusters: ClusterSource) {}

  run(context: RebalanceContext): Promise<Outcome> {
    return tolerant(async () => this.work(context, await this.clusters.open(context.input.cluster)));
  }

  undo(context: RebalanceContext): Promise<Outcome> {
    return tolerant(async () => this.takeBack(context, await this.clusters.open(context.input.cluster)));
  }

  protected abstract work(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome>;
  protected abstract takeBack(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome>;
}

export function movesOf(context: RebalanceContext): SlotMove[] {
  return expandMoves(context.input.moves);
}

/** Moves that were found done when the rebalance began. */
export function recordAlreadyThere(context: RebalanceContext, moves: readonly SlotMove[]): void {
  context.record({ alreadyThere: moves.map(keyOf) });
}

export function alreadyThere(context: RebalanceContext): Set<string> {
  const stored: Json | undefined = context.facts.alreadyThere;
  return new Set(Array.isArray(stored) ? (stored as string[]) : []);
}

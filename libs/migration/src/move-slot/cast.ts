import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import type { SlotRef } from '@slotferry/cluster';
import type { JsonObject, PhaseContext } from '@slotferry/workflow';
import type { MoveSlotInput } from '../definitions';
import type { ClusterSource } from '@slotferry/inventory';

/** Who takes part in a move, by the roles they play. Settled once, in preflight, from what the router says. */
export interface CastFact {
  readonly sourceMaster: string;
  readonly sourceReplicas: readonly string[];
  readonly targetMaster: string;
  readonly targetReplicas: readonly string[];
}

export interface Cast {
  readonly cluster: OpenCluster;
  readonly ref: SlotRef;
  readonly slot: number;
  readonly table: number;
  readonly from: number;
  readonly to: number;
  readonly sourceMaster: PikaNode;
  readonly sourceReplicas: readonly PikaNode[];
  readonly targetMaster: PikaNode;
  readonly targetReplicas: readonly PikaNode[];
}

export type MoveContext = PhaseContext<MoveSlotInput>;

const castFact = 'cast';

export function recordCast(context: MoveContext, cast: CastFact): void {
  context.record({ [castFact]: cast as unknown as JsonObject });
}

/** The cast as preflight recorded it, or null when it has not come so far. */
export async function recallCast(context: MoveContext, clusters: ClusterSource): Promise<Cast | null> {
  const fact = context.facts[castFact] as unknown as CastFact | undefined;
  if (!fact) return null;
  const { table, slot, from, to } = context.input;
  const cluster = await clusters.open(context.input.cluster);
  return {
    cluster,
    ref: { table, slot },
    slot,
    table,
    from,
    to,
    sourceMaster: cluster.node(fact.sourceMaster),
    sourceReplicas: fact.sourceReplicas.map((address) => cluster.node(address)),
    targetMaster: cluster.node(fact.targetMaster),
    targetReplicas: fact.targetReplicas.map((address) => cluster.node(address)),
  };
}

/** The cast, in a phase that cannot be reached without it. */
export async function requireCast(context: MoveContext, clusters: ClusterSource): Promise<Cast> {
  const cast = await recallCast(context, clusters);
  if (!cast) throw new Error(`${context.workflowId} has no cast: preflight has not completed`);
  return cast;
}

import type { SlotRef } from '@slotferry/cluster';
import type { ClusterSource, OpenCluster } from '@slotferry/inventory';
import { PikaError, type PikaNode } from '@slotferry/pika';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import type { Json, PhaseContext } from '@slotferry/workflow';
import type { MoveSlotInput } from '../definitions';
import { recast, type Recast, replacedMasters } from './recast';

/** Who takes part in a move, by the roles they play. Settled once, in preflight, from what the router says. */
export interface CastFact {
  readonly sourceMaster: string;
  readonly sourceReplicas: readonly string[];
  readonly targetMaster: string;
  readonly targetReplicas: readonly string[];
  /** Masters that failovers had named by then, by group: they are in the cast already. */
  readonly knownMasters?: Readonly<Record<string, string>>;
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
  /** The source's master when the target was detached from it; before that the present one. */
  readonly drainedFrom: string;
  /** The target's master that was detached; before that the present one. */
  readonly handedTo: string;
  /** Nodes that something of this move may still follow though they are not the ones to follow. */
  readonly mayBeFollowed: readonly string[];
  /** Former masters that do not answer: the move goes on without them. */
  readonly away: readonly string[];
}

export type MoveContext = PhaseContext<MoveSlotInput>;

const castFact = 'cast';
/** A former master that takes longer to answer counts as away, in milliseconds. */
const formerLimitMs = 500;

export function recordCast(context: MoveContext, cast: CastFact): void {
  const knownMasters = replacedMasters(context.state.settings);
  context.record({ [castFact]: { ...cast, knownMasters } });
}

/** The cast as preflight recorded it, with masters that were replaced since; or null when preflight has not come so far. */
export async function recallCast(context: MoveContext, clusters: ClusterSource): Promise<Cast | null> {
  const fact = context.facts[castFact] as unknown as CastFact | undefined;
  if (!fact) return null;
  const { table, slot, from, to } = context.input;
  const cluster = await clusters.open(context.input.cluster);
  const now = recast(fact, context.input, replacedMasters(context.state.settings));
  const former = await lookAtFormer(cluster, now, { table, slot });
  const present = (address: string): boolean => !former.absent.includes(address);
  const { drained, drainedFrom, handedTo } = context.facts;
  const isDrained = typeof drained === 'string';
  return {
    cluster,
    ref: { table, slot },
    slot,
    table,
    from,
    to,
    sourceMaster: cluster.node(now.sourceMaster),
    sourceReplicas: now.sourceReplicas.filter(present).map((address) => cluster.node(address)),
    targetMaster: cluster.node(now.targetMaster),
    targetReplicas: now.targetReplicas.filter(present).map((address) => cluster.node(address)),
    drainedFrom: isDrained ? text(drainedFrom, fact.sourceMaster) : now.sourceMaster,
    handedTo: isDrained ? text(handedTo, fact.targetMaster) : now.targetMaster,
    mayBeFollowed: now.mayBeFollowed,
    away: former.away,
  };
}

/** The cast, in a phase that cannot be reached without it. */
export async function requireCast(context: MoveContext, clusters: ClusterSource): Promise<Cast> {
  const cast = await recallCast(context, clusters);
  if (!cast) throw new Error(`${context.workflowId} has no cast: preflight has not completed`);
  return cast;
}

/**
 * A former master takes part as a replica if it is back and holds the slot. Nothing waits for it: it is dead as far as anybody
 * knows, and when it returns to its group it is given what it lacks there.
 */
async function lookAtFormer(
  cluster: OpenCluster,
  { formerSource, formerTarget }: Recast,
  { table, slot }: SlotRef,
): Promise<{ readonly absent: readonly string[]; readonly away: readonly string[] }> {
  const absent: string[] = [];
  const away: string[] = [];
  for (const address of [formerSource, formerTarget]) {
    if (address === null) continue;
    const look = withTimeout(cluster.node(address).slot(slot, table), formerLimitMs, address);
    const found = await look.catch((error: unknown) => {
      if (error instanceof TimeLimitError || error instanceof PikaError) return 'away' as const;
      throw error;
    });
    if (found === 'away') away.push(address);
    if (found === 'away' || found === null) absent.push(address);
  }
  return { absent, away };
}

function text(stored: Json | undefined, otherwise: string): string {
  return typeof stored === 'string' ? stored : otherwise;
}

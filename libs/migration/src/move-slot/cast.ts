import type { SlotRef } from '@slotferry/cluster';
import type { ClusterSource, OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import type { Json, PhaseContext } from '@slotferry/workflow';
import type { MoveSlotInput } from '../definitions';
import { type CastFact, recast, type Recast, replacedMasters } from './recast';
import { whoIsAbsent } from './who-is-absent';

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
  /** Former masters, and replicas of the source that did not answer when the move began, that do not answer now: it goes on without them. */
  readonly away: readonly string[];
}

export type MoveContext = PhaseContext<MoveSlotInput>;

const castFact = 'cast';

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
  const { absent, away } = await whoIsAbsent(cluster, doubtful(now, fact), { table, slot });
  const present = (address: string): boolean => !absent.includes(address);
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
    mayBeFollowed: mayBeFollowed(now, context.input.prepared),
    away,
  };
}

/** The cast, in a phase that cannot be reached without it. */
export async function requireCast(context: MoveContext, clusters: ClusterSource): Promise<Cast> {
  const cast = await recallCast(context, clusters);
  if (!cast) throw new Error(`${context.workflowId} has no cast: preflight has not completed`);
  return cast;
}

/** The parent may have attached the slot to a master that was replaced before this move began. */
function mayBeFollowed(now: Recast, prepared: MoveSlotInput['prepared']): readonly string[] {
  if (!prepared) return now.mayBeFollowed;
  const { source, target } = prepared;
  if (source === now.sourceMaster && target === now.targetMaster) return now.mayBeFollowed;
  return [...new Set([...now.mayBeFollowed, source, target, now.targetMaster])];
}

/** Nobody waits for these: dead as far as anybody knows. When they are back they take part as replicas. */
function doubtful({ formerSource, formerTarget }: Recast, { silentReplicas = [] }: CastFact): string[] {
  const former = [formerSource, formerTarget].filter((address) => address !== null);
  return [...new Set([...former, ...silentReplicas])];
}

function text(stored: Json | undefined, otherwise: string): string {
  return typeof stored === 'string' ? stored : otherwise;
}

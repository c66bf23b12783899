import type { JsonObject } from '@slotferry/workflow';

/** Who takes part in a move, by the roles they play. Settled once, in preflight, from what the router says. */
export interface CastFact {
  readonly sourceMaster: string;
  readonly sourceReplicas: readonly string[];
  readonly targetMaster: string;
  readonly targetReplicas: readonly string[];
  /** Masters that failovers had named by then, by group: they are in the cast already. */
  readonly knownMasters?: Readonly<Record<string, string>>;
  /** Replicas of the source that did not answer then. */
  readonly silentReplicas?: readonly string[];
}

/** Who takes part now, and whom a failover has replaced meanwhile. */
export interface Recast extends CastFact {
  /** The source's master that was replaced, or null. It is among the source's replicas. */
  readonly formerSource: string | null;
  /** The same of the target. */
  readonly formerTarget: string | null;
  /** Nodes that something of this move may still follow though they are not the ones to follow; empty when nobody was replaced. */
  readonly mayBeFollowed: readonly string[];
}

/** Masters of groups that were replaced while a workflow ran, by group: the setting `masters`. */
export function replacedMasters(settings: JsonObject): Readonly<Record<string, string>> {
  const { masters } = settings;
  if (typeof masters !== 'object' || masters === null || Array.isArray(masters)) return {};
  return Object.fromEntries(
    Object.entries(masters).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/**
 * The cast with the masters that failovers named since it was recorded: the new one takes the role, the former one is among the
 * replicas of its group.
 */
export function recast(
  fact: CastFact,
  groups: { readonly from: number; readonly to: number },
  masters: Readonly<Record<string, string>>,
): Recast {
  const source = sideOf(fact.sourceMaster, fact.sourceReplicas, newMaster(fact, groups.from, masters));
  const target = sideOf(fact.targetMaster, fact.targetReplicas, newMaster(fact, groups.to, masters));
  const changed = source.former !== null || target.former !== null;
  return {
    sourceMaster: source.master,
    sourceReplicas: source.replicas,
    formerSource: source.former,
    targetMaster: target.master,
    targetReplicas: target.replicas,
    formerTarget: target.former,
    mayBeFollowed: changed ? [source.master, ...source.replicas, target.master, ...target.replicas] : [],
  };
}

/** What was named before the cast was recorded is in it already. */
function newMaster(
  { knownMasters }: CastFact,
  group: number,
  masters: Readonly<Record<string, string>>,
): string | undefined {
  const named = masters[String(group)];
  return named === knownMasters?.[String(group)] ? undefined : named;
}

function sideOf(
  master: string,
  replicas: readonly string[],
  promoted: string | undefined,
): { readonly master: string; readonly replicas: readonly string[]; readonly former: string | null } {
  if (promoted === undefined || promoted === master) return { master, replicas, former: null };
  return {
    master: promoted,
    replicas: [...replicas.filter((one) => one !== promoted), master],
    former: master,
  };
}

import { type BinlogPosition, comparePositions, type SlotRef } from '@slotferry/cluster';
import { type Promotion, promotionsKept } from '../store/types';

/** Who was the master of a group, as far as promotions are remembered. */
export interface Lineage {
  /** Oldest first. */
  readonly promotions: readonly Promotion[];
  /** True when no older promotion has been forgotten. */
  readonly complete: boolean;
  /** The router's master now. */
  readonly master: string;
}

/** The lineage of a group from all promotions that its memory keeps. */
export function lineageOf(promotions: readonly Promotion[], master: string): Lineage {
  return { promotions, complete: promotions.length < promotionsKept, master };
}

/** Where a node's copy of a slot comes from. */
export interface CopyOrigin {
  readonly node: string;
  /** The last master it was seen connected to, and when (wall clock milliseconds); null when never. */
  readonly followed: { readonly master: string; readonly at: number } | null;
}

/** The time in which a node was the group's master. It ended where the next one begins. */
interface Reign {
  readonly master: string;
  readonly from: number;
  /** The promotion that ended it; null when it was not recorded, or has not ended. */
  readonly endedBy: Promotion | null;
}

/**
 * The position up to which a copy shares the history of the present master: what it holds beyond was never replicated.
 * A copy that was part of the group's history at some time shares it up to the least position of all promotions since. Null when
 * that it ever was a part of it cannot be shown: positions of different histories must not be compared.
 */
export function sharedUpTo(
  lineage: Lineage,
  origin: CopyOrigin,
  { table, slot }: SlotRef,
  masterPosition: BinlogPosition,
): BinlogPosition | null {
  const reigns = reignsOf(lineage);
  const began = originReign(reigns, origin);
  if (began === null) return null;
  let shared = masterPosition;
  for (const { endedBy } of reigns.slice(began, -1)) {
    const position = endedBy?.positions.get(table)?.get(slot);
    if (!position) return null;
    if (comparePositions(position, shared) < 0) shared = position;
  }
  return shared;
}

/** Gaps, where somebody else promoted, end a reign by an unknown promotion. */
function reignsOf({ promotions, complete, master }: Lineage): Reign[] {
  const reigns: Reign[] = [];
  let from = complete ? -Infinity : (promotions[0]?.at ?? -Infinity);
  let present: string | null = null;
  for (const promotion of promotions) {
    if (present !== null && present !== promotion.oldMaster) {
      reigns.push({ master: present, from, endedBy: null });
      from = promotion.at;
    }
    reigns.push({ master: promotion.oldMaster, from, endedBy: promotion });
    present = promotion.newMaster;
    from = promotion.at;
  }
  if (present !== null && present !== master) reigns.push({ master: present, from, endedBy: null });
  return [...reigns, { master, from, endedBy: null }];
}

/** The last reign of which the copy was a part: as the master's own, or as that of a replica. */
function originReign(reigns: readonly Reign[], { node, followed }: CopyOrigin): number | null {
  const own = reigns.findLastIndex(({ master }) => master === node);
  const ended = own < 0 ? -Infinity : (reigns[own + 1]?.from ?? Infinity);
  const asReplica = followed
    ? reigns.findLastIndex(({ master, from }) => master === followed.master && from <= followed.at)
    : -1;
  if (asReplica >= 0 && followed && followed.at >= ended) return asReplica;
  return own < 0 ? null : own;
}

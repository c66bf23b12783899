import { type BinlogPosition, bytesBetween, comparePositions } from '../binlog-position';
import { type SlotRef } from '../router';
import { type Candidate, type ElectionInput, type SurveyedSlot } from './election';

/** The most advanced copy of a slot whose data may be used. */
export interface BestCopy {
  readonly node: string;
  readonly position: BinlogPosition;
}

/** Names a slot among those of all tables. */
export function slotKey({ table, slot }: SlotRef): string {
  return `${table}/${slot}`;
}

/** What a candidate holds, by `slotKey`. */
export function slotsOf({ slots }: Candidate): ReadonlyMap<string, SurveyedSlot> {
  return new Map(slots.map((surveyed) => [slotKey(surveyed), surveyed]));
}

/**
 * The most advanced copy of every slot, among those that followed the dead master to the end: only their data is known to be its history.
 * Copies on nodes that cannot win count, too. Of equals the first by address.
 */
export function bestCopies({ candidates, master }: ElectionInput): ReadonlyMap<string, BestCopy> {
  const best = new Map<string, BestCopy>();
  const usable = candidates.filter(({ node, problem }) => problem === null && node !== master);
  for (const { node, slots } of usable.sort(byAddress)) {
    for (const { state, position, ...ref } of slots) {
      if (state !== 'following' || position === null) continue;
      const known = best.get(slotKey(ref));
      if (!known || comparePositions(position, known.position) > 0)
        best.set(slotKey(ref), { node, position });
    }
  }
  return best;
}

/** Bytes that `behind` lacks of `ahead`; 0 when it lacks none, and at least 1 when it is behind at all. */
export function bytesLacking(behind: BinlogPosition, ahead: BinlogPosition): number {
  return comparePositions(behind, ahead) < 0 ? Math.max(1, bytesBetween(behind, ahead)) : 0;
}

/** Order by address, the same on every machine. */
export function byAddress(a: { readonly node: string }, b: { readonly node: string }): number {
  if (a.node === b.node) return 0;
  return a.node < b.node ? -1 : 1;
}

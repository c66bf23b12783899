import { type SlotRef } from '../router';

/** One slot that is to change its group. */
export interface SlotMove extends SlotRef {
  readonly from: number;
  readonly to: number;
}

/** Who owns which slot now, as far as planning goes: offline slots are not part of it. */
export interface Ownership extends SlotRef {
  readonly group: number;
}

/** The moves that take back what `moves` did, in reverse order. */
export function invertMoves(moves: readonly SlotMove[]): SlotMove[] {
  return moves.map(({ table, slot, from, to }) => ({ table, slot, from: to, to: from })).reverse();
}

/** Ownership after the moves. A move of a slot that its source does not own changes nothing. */
export function applyMoves(owned: readonly Ownership[], moves: readonly SlotMove[]): Ownership[] {
  const targets = new Map(moves.map((move) => [`${keyOf(move)}<${move.from}`, move.to]));
  return owned.map((one) => ({ ...one, group: targets.get(`${keyOf(one)}<${one.group}`) ?? one.group }));
}

/** `table/slot`. */
export function keyOf({ table, slot }: SlotRef): string {
  return `${table}/${slot}`;
}

/** By table, then slot. */
export function compareSlots(a: SlotRef, b: SlotRef): number {
  return a.table - b.table || a.slot - b.slot;
}

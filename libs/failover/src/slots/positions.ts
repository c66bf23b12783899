import { formatPosition, parsePosition, positionsEqual, type SlotRef } from '@slotferry/cluster';
import type { JsonObject } from '@slotferry/workflow';
import type { SlotPositions } from '../store/types';

/** Positions as they are kept in a fact: table, then slot, then `file offset`. */
export function writePositions(positions: SlotPositions): JsonObject {
  return Object.fromEntries(
    [...positions].map(([table, slots]) => [
      String(table),
      Object.fromEntries([...slots].map(([slot, position]) => [String(slot), formatPosition(position)])),
    ]),
  );
}

/** The reverse. Null when there is no such fact. Throws UnreadablePositionError. */
export function readPositions(fact: unknown): SlotPositions | null {
  if (typeof fact !== 'object' || fact === null) return null;
  const tables = Object.entries(fact as Readonly<Record<string, Readonly<Record<string, string>>>>);
  return new Map(
    tables.map(([table, slots]) => [
      Number(table),
      new Map(Object.entries(slots).map(([slot, text]) => [Number(slot), parsePosition(text)])),
    ]),
  );
}

/** The slots that the positions are of. */
export function slotsIn(positions: SlotPositions): SlotRef[] {
  return [...positions].flatMap(([table, slots]) => [...slots.keys()].map((slot) => ({ table, slot })));
}

/** True when both name the same slots, every one at the same position. */
export function samePositions(a: SlotPositions, b: SlotPositions): boolean {
  const [ofA, ofB] = [slotsIn(a), slotsIn(b)];
  return (
    ofA.length === ofB.length &&
    ofA.every(({ table, slot }) => {
      const [one, other] = [a.get(table)?.get(slot), b.get(table)?.get(slot)];
      return one !== undefined && other !== undefined && positionsEqual(one, other);
    })
  );
}

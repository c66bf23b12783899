import { formatSlots, parseSlots, type SlotRef } from '@slotferry/cluster';
import { byTable } from './slot-lists';

/** Slots as they are kept in a fact: a list for each table. */
export type SlotsFact = { readonly [table: string]: string };

export function writeSlots(refs: readonly SlotRef[]): SlotsFact {
  return Object.fromEntries(byTable(refs).map(({ table, slots }) => [String(table), formatSlots(slots)]));
}

export function readSlots(fact: SlotsFact): SlotRef[] {
  return Object.entries(fact).flatMap(([table, slots]) =>
    parseSlots(slots).map((slot) => ({ table: Number(table), slot })),
  );
}

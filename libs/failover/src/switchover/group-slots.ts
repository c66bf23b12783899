import type { SlotRef, SlotRoute, TableSlots } from '@slotferry/cluster';

/** The slots whose clients the router sends to the group, by table. Those that are only on their way to it are not its own. */
export function slotsOfGroup(routes: readonly SlotRoute[], group: number): TableSlots[] {
  return byTable(routes.filter((route) => route.group === group));
}

/** Slots by table, in the order they are given in. */
export function byTable(refs: readonly SlotRef[]): TableSlots[] {
  const tables = [...new Set(refs.map(({ table }) => table))];
  return tables.map((table) => ({
    table,
    slots: refs.filter((ref) => ref.table === table).map(({ slot }) => slot),
  }));
}

/** One reference a slot, in the same order. */
export function refsOf(slots: readonly TableSlots[]): SlotRef[] {
  return slots.flatMap(({ table, slots: numbers }) => numbers.map((slot) => ({ table, slot })));
}

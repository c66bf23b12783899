import { formatSlots, type SlotRef, type TableSlots } from '@slotferry/cluster';

/** Slots by table, in the order in which they are given. */
export function byTable(refs: readonly SlotRef[]): TableSlots[] {
  const tables = new Map<number, number[]>();
  for (const { table, slot } of refs) {
    const slots = tables.get(table);
    if (slots) slots.push(slot);
    else tables.set(table, [slot]);
  }
  return [...tables].map(([table, slots]) => ({ table, slots }));
}

/** One reference a slot, in the same order. */
export function refsOf(slots: readonly TableSlots[]): SlotRef[] {
  return slots.flatMap(({ table, slots: numbers }) => numbers.map((slot) => ({ table, slot })));
}

/** A slot as a key of maps and facts: `0/579`. */
export function keyOf({ table, slot }: SlotRef): string {
  return `${table}/${slot}`;
}

/** `slots 0-31`, or `slots 0-31, slots 2 of table 1`: by table, so that the same slots have the same name. */
export function describeSlots(refs: readonly SlotRef[]): string {
  return byTable(refs)
    .sort((a, b) => a.table - b.table)
    .map(({ table, slots }) => `slots ${formatSlots(slots)}${table === 0 ? '' : ` of table ${table}`}`)
    .join(', ');
}

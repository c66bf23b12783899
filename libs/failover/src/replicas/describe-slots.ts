import { formatSlots, type SlotRef } from '@slotferry/cluster';

/** `slots 0-3,8`, tables other than 0 named. */
export function describeSlots(slots: readonly SlotRef[]): string {
  const tables = [...new Set(slots.map(({ table }) => table))].sort((a, b) => a - b);
  return tables
    .map((table) => {
      const list = formatSlots(slots.filter((one) => one.table === table).map(({ slot }) => slot));
      return `slots ${list}${table === 0 ? '' : ` of table ${table}`}`;
    })
    .join(', ');
}

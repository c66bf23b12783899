import { formatSlots, parseSlots, type RouterView, type SlotRef, type TableSlots } from '@slotferry/cluster';

/**
 * The slots whose clients the router sends to the group. One that the router is about to finish handing over counts as the target's:
 * its proxies have switched. Any other slot on its way is still the source's.
 */
export function ownedSlots({ routes }: Pick<RouterView, 'routes'>, group: number): SlotRef[] {
  return routes
    .filter(({ group: owner, handover }) =>
      handover?.state === 'finishing' ? handover.target === group : owner === group,
    )
    .map(({ table, slot }) => ({ table, slot }));
}

/** Slots by table, in the order in which they are given. */
export function byTable(refs: readonly SlotRef[]): TableSlots[] {
  const tables = [...new Set(refs.map(({ table }) => table))];
  return tables.map((table) => ({
    table,
    slots: refs.filter((ref) => ref.table === table).map(({ slot }) => slot),
  }));
}

/** Names a slot in maps. */
export function keyOf({ table, slot }: SlotRef): string {
  return `${table}/${slot}`;
}

/** `slots 0-31`, or `slots 0-31, slots 2 of table 1`. */
export function describeSlots(refs: readonly SlotRef[]): string {
  return byTable(refs)
    .map(({ table, slots }) => `slots ${formatSlots(slots)}${table === 0 ? '' : ` of table ${table}`}`)
    .join(', ');
}

/** As they are kept in a fact: a list of slots for each table. */
export type SlotsFact = { readonly [table: string]: string };

export function writeSlots(refs: readonly SlotRef[]): SlotsFact {
  return Object.fromEntries(byTable(refs).map(({ table, slots }) => [String(table), formatSlots(slots)]));
}

export function readSlots(fact: SlotsFact): SlotRef[] {
  return Object.entries(fact).flatMap(([table, slots]) =>
    parseSlots(slots).map((slot) => ({ table: Number(table), slot })),
  );
}

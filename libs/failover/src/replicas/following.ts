import { formatSlots, parseSlots } from '@slotferry/cluster';
import { keyOf } from '../slots/slot-lists';
import type { Followed, SeenNode } from '../store/types';

/**
 * Whom the slots of a node were last seen connected to, after one more look. A node forgets it when it restarts; without it nobody
 * could tell a replica that restarted from a master that returned. Gives `known` itself when nothing has changed.
 */
export function updateFollowed(known: readonly Followed[], seen: SeenNode): readonly Followed[] {
  const before = followedBySlot(known);
  const changed = seen.slots.filter(
    ({ table, slot, following, status }) =>
      following !== null &&
      (status === null || status === 'kConnected') &&
      before(table, slot)?.master !== following,
  );
  if (changed.length === 0) return known;
  const isChanged = new Set(changed.map(keyOf));
  const kept = known.flatMap((one) => {
    const slots = parseSlots(one.slots).filter((slot) => !isChanged.has(keyOf({ table: one.table, slot })));
    return slots.length === 0 ? [] : [{ ...one, slots: formatSlots(slots) }];
  });
  const groups = new Map<string, { table: number; master: string; slots: number[] }>();
  for (const { table, slot, following } of changed) {
    const key = `${table} ${following}`;
    const group = groups.get(key) ?? { table, master: following ?? '', slots: [] };
    group.slots.push(slot);
    groups.set(key, group);
  }
  return [
    ...kept,
    ...[...groups.values()].map(({ table, master, slots }) => ({
      table,
      slots: formatSlots(slots),
      master,
      at: seen.at,
    })),
  ];
}

/** Looks up whom a slot was last seen connected to. */
export function followedBySlot(
  known: readonly Followed[],
): (table: number, slot: number) => { readonly master: string; readonly at: number } | null {
  const bySlot = new Map(
    known.flatMap(({ table, slots, master, at }) =>
      parseSlots(slots).map((slot) => [keyOf({ table, slot }), { master, at }] as const),
    ),
  );
  return (table, slot) => bySlot.get(keyOf({ table, slot })) ?? null;
}

import { compareSlots, type Ownership, type SlotMove } from './slot-move';
import { sharesByCount, type Weights } from './shares';

/**
 * The fewest moves after which every group owns its weighted share of the slots of each table, rounded down or up. Groups that
 * own slots but have no weight count as weight 0. Deterministic; planned again half-way through, it gives what is left.
 */
export function evenOutByCount(owned: readonly Ownership[], weights: Weights): SlotMove[] {
  const tables = [...new Set(owned.map(({ table }) => table))].sort((a, b) => a - b);
  return tables.flatMap((table) =>
    evenOutTable(
      owned.filter((one) => one.table === table),
      weights,
    ),
  );
}

function evenOutTable(owned: readonly Ownership[], weights: Weights): SlotMove[] {
  const all = new Map(weights);
  for (const { group } of owned) if (!all.has(group)) all.set(group, 0);
  const held = countByGroup(owned);
  const shares = sharesByCount(owned.length, all, held);
  const surplus = (group: number): number => (held.get(group) ?? 0) - (shares.get(group) ?? 0);
  const groups = [...all.keys()].sort((a, b) => a - b);
  // The highest slots leave: after some of them have left, the rest are still the highest.
  const leaving = groups
    .filter((group) => surplus(group) > 0)
    .flatMap((group) =>
      owned
        .filter((one) => one.group === group)
        .sort(compareSlots)
        .slice(-surplus(group)),
    )
    .sort(compareSlots);
  const receivers = groups
    .filter((group) => surplus(group) < 0)
    .flatMap((group) => repeat(group, -surplus(group)));
  return leaving.map(({ table, slot, group }, index) => ({
    table,
    slot,
    from: group,
    to: receivers[index] ?? group,
  }));
}

/** Slots per group. */
export function countByGroup(owned: readonly Ownership[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { group } of owned) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
}

function repeat<T>(value: T, times: number): T[] {
  return Array.from({ length: times }, () => value);
}

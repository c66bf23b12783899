import { formatSlots, parseSlots, type SlotMove } from '@slotferry/cluster';

/** All moves of one table between the same two groups, as they stand in plans and inputs. */
export type CompactMoves = {
  readonly table: number;
  readonly from: number;
  readonly to: number;
  /** Ranges, as `0-3,8`. */
  readonly slots: string;
};

/** Moves by table and pair of groups, in that order. */
export function compactMoves(moves: readonly SlotMove[]): CompactMoves[] {
  const pairs = new Map<string, SlotMove[]>();
  for (const move of moves) {
    const key = [move.table, move.from, move.to].map((part) => String(part).padStart(5, '0')).join('/');
    pairs.set(key, [...(pairs.get(key) ?? []), move]);
  }
  return [...pairs.keys()].sort().flatMap((key) => {
    const list = pairs.get(key) ?? [];
    const [first] = list;
    if (!first) return [];
    return [
      {
        table: first.table,
        from: first.from,
        to: first.to,
        slots: formatSlots(list.map(({ slot }) => slot)),
      },
    ];
  });
}

/** The reverse. */
export function expandMoves(compact: readonly CompactMoves[]): SlotMove[] {
  return compact.flatMap(({ table, from, to, slots }) =>
    parseSlots(slots).map((slot) => ({ table, slot, from, to })),
  );
}

import fc from 'fast-check';
import { compactMoves, expandMoves } from './compact-moves';

const moves = fc.uniqueArray(
  fc.record({
    table: fc.integer({ min: 0, max: 2 }),
    slot: fc.integer({ min: 0, max: 1_023 }),
    from: fc.integer({ min: 1, max: 4 }),
    to: fc.integer({ min: 5, max: 12 }),
  }),
  { selector: ({ table, slot }) => `${table}/${slot}`, maxLength: 80 },
);
const sorted = <T>(list: readonly T[]): string[] => list.map((one) => JSON.stringify(one)).sort();

describe('compact moves', () => {
  it('are ranges for each table and pair of groups', () => {
    const list = [8, 2, 1, 0].map((slot) => ({ table: 0, slot, from: 1, to: 10 }));
    expect(compactMoves([...list, { table: 0, slot: 5, from: 1, to: 9 }])).toEqual([
      { table: 0, from: 1, to: 9, slots: '5' },
      { table: 0, from: 1, to: 10, slots: '0-2,8' },
    ]);
  });

  it('expand to the same moves', () => {
    fc.assert(
      fc.property(moves, (list) => {
        expect(sorted(expandMoves(compactMoves(list)))).toEqual(sorted(list));
      }),
    );
  });

  it('are the same whatever the order of the moves', () => {
    fc.assert(
      fc.property(moves, (list) => {
        expect(compactMoves([...list].reverse())).toEqual(compactMoves(list));
      }),
    );
  });
});

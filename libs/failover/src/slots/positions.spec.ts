import type { SlotPositions } from '../store/types';
import { readPositions, samePositions, slotsIn, writePositions } from './positions';
import { position } from './slot-info.fixture';

const positions: SlotPositions = new Map([
  [
    0,
    new Map([
      [3, position('0 12')],
      [4, position('2 0')],
    ]),
  ],
  [2, new Map([[3, position('1 1')]])],
]);

describe('positions in a fact', () => {
  it('are read as they were written', () => {
    const fact: unknown = JSON.parse(JSON.stringify(writePositions(positions)));
    const read = readPositions(fact);
    expect(read).toEqual(positions);
    expect(read && samePositions(read, positions)).toBe(true);
  });

  it('are none when there is no fact, and never zero when they cannot be read', () => {
    expect(readPositions(null)).toBeNull();
    expect(() => readPositions({ 0: { 3: 'kConnected' } })).toThrow('is not a binlog position');
  });

  it('name their slots, by table', () => {
    expect(slotsIn(positions)).toEqual([
      { table: 0, slot: 3 },
      { table: 0, slot: 4 },
      { table: 2, slot: 3 },
    ]);
  });
});

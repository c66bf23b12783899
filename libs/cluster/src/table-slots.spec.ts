import { SlotListError } from './slots';
import { parseTableSlots } from './table-slots';

describe('parseTableSlots', () => {
  it.each([
    ['10-12,30', 0, [10, 11, 12, 30]],
    ['0/7', 0, [7]],
    ['1/3,0-1', 1, [0, 1, 3]],
  ])('reads %s', (text, table, slots) => {
    expect(parseTableSlots(text)).toEqual(slots.map((slot) => ({ table, slot })));
  });

  it.each(['', '1/', '/3', 'x/3', '1/2/3', '1/2,2/3', '-1/3', 'none'])('refuses %j', (text) => {
    expect(() => parseTableSlots(text)).toThrow(SlotListError);
  });

  it('asks how large the table is', () => {
    const sizeOf = (table: number): number => (table === 1 ? 8 : 1_024);
    expect(parseTableSlots('8', sizeOf)).toEqual([{ table: 0, slot: 8 }]);
    expect(() => parseTableSlots('1/8', sizeOf)).toThrow('Slot 8 does not exist: the table has 8 slots');
  });
});

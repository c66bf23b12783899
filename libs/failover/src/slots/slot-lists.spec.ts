import type { SlotRoute } from '@slotferry/cluster';
import { ownedSlots } from './owned-slots';
import { byTable, describeSlots } from './slot-lists';
import { readSlots, writeSlots } from './slots-fact';

const route = (slot: number, group: number | null, handover: SlotRoute['handover'] = null): SlotRoute => ({
  table: 0,
  slot,
  group,
  handover,
});

describe('the slots of a group', () => {
  it('are those whose clients come to it, not those on their way', () => {
    const routes = [
      route(0, 1),
      route(1, 2),
      route(2, null),
      route(3, 1, { state: 'holding', target: 2 }),
      route(4, 2, { state: 'holding', target: 1 }),
      route(5, 1, { state: 'finishing', target: 2 }),
      route(6, 2, { state: 'finishing', target: 1 }),
    ];
    expect(ownedSlots({ routes }, 1).map(({ slot }) => slot)).toEqual([0, 3, 6]);
  });

  it('are kept as lists', () => {
    const refs = [
      { table: 0, slot: 0 },
      { table: 0, slot: 1 },
      { table: 2, slot: 7 },
    ];
    expect(writeSlots(refs)).toEqual({ '0': '0-1', '2': '7' });
    expect(readSlots(writeSlots(refs))).toEqual(refs);
    expect(byTable(refs)).toEqual([
      { table: 0, slots: [0, 1] },
      { table: 2, slots: [7] },
    ]);
    expect(describeSlots(refs)).toBe('slots 0-1, slots 7 of table 2');
  });
});

import { type RouterView, type SlotRoute } from './router';
import { compareWithRouter, describeDifference } from './router-differences';
import { type Topology } from './topology';

const definition: Topology = {
  tables: [{ id: 0, slots: 4 }],
  groups: [
    { id: 1, nodes: ['a:1', 'b:1'], slots: [{ table: 0, slots: [0, 1] }] },
    { id: 2, nodes: ['c:1'], slots: [{ table: 0, slots: [2] }] },
  ],
};

function view(groups: Record<number, string[]>, owners: (number | null)[]): RouterView {
  return {
    product: 'lab',
    routes: owners.map((group, slot): SlotRoute => ({ table: 0, slot, group, handover: null })),
    groups: Object.entries(groups).map(([id, servers]) => ({
      id: Number(id),
      servers,
      promoting: false,
      outOfSync: false,
    })),
    proxies: [],
    handovers: { disabled: false, intervalMicros: 1000, executing: 0, status: '' },
  };
}

describe('compareWithRouter', () => {
  it('finds nothing when the router is as defined, whatever else it has', () => {
    expect(
      compareWithRouter(definition, view({ 1: ['a:1', 'b:1'], 2: ['c:1', 'x:1'], 3: ['y:1'] }, [1, 1, 2, 3])),
    ).toEqual([]);
  });

  it('lists everything for an empty router, groups and servers before slots', () => {
    expect(compareWithRouter(definition, view({}, [null, null, null, null]))).toEqual([
      { kind: 'group-missing', group: 1 },
      { kind: 'server-missing', group: 1, server: 'a:1' },
      { kind: 'server-missing', group: 1, server: 'b:1' },
      { kind: 'group-missing', group: 2 },
      { kind: 'server-missing', group: 2, server: 'c:1' },
      { kind: 'slot-offline', group: 1, table: 0, slot: 0 },
      { kind: 'slot-offline', group: 1, table: 0, slot: 1 },
      { kind: 'slot-offline', group: 2, table: 0, slot: 2 },
    ]);
  });

  it('says nothing about the master of a group that is still empty', () => {
    expect(compareWithRouter(definition, view({ 1: ['a:1', 'b:1'], 2: [] }, [1, 1, 2, null]))).toEqual([
      { kind: 'server-missing', group: 2, server: 'c:1' },
    ]);
  });

  it('notices a server in another group', () => {
    expect(compareWithRouter(definition, view({ 1: ['a:1'], 2: ['c:1', 'b:1'] }, [1, 1, 2, null]))).toEqual([
      { kind: 'server-in-other-group', group: 1, server: 'b:1', found: 2 },
    ]);
  });

  it('notices another master', () => {
    expect(compareWithRouter(definition, view({ 1: ['b:1', 'a:1'], 2: ['c:1'] }, [1, 1, 2, null]))).toEqual([
      { kind: 'master-differs', group: 1, expected: 'a:1', found: 'b:1' },
    ]);
  });

  it('notices slots of other groups, and slots the router does not have', () => {
    expect(compareWithRouter(definition, view({ 1: ['a:1', 'b:1'], 2: ['c:1'] }, [2, 1]))).toEqual([
      { kind: 'slot-in-other-group', group: 1, table: 0, slot: 0, found: 2 },
      { kind: 'slot-unknown', group: 2, table: 0, slot: 2 },
    ]);
  });
});

describe('describeDifference', () => {
  it.each([
    [{ kind: 'group-missing', group: 1 }, 'The router has no group 1'],
    [{ kind: 'server-missing', group: 1, server: 'a:1' }, 'The router does not know a:1 of group 1'],
    [
      { kind: 'server-in-other-group', group: 1, server: 'a:1', found: 2 },
      'a:1 belongs to group 1, the router has it in group 2',
    ],
    [
      { kind: 'master-differs', group: 1, expected: 'a:1', found: 'b:1' },
      'The master of group 1 is a:1, the router has b:1',
    ],
    [
      { kind: 'slot-unknown', group: 1, table: 0, slot: 7 },
      'The router has no slot 7 of table 0, which belongs to group 1',
    ],
    [
      { kind: 'slot-offline', group: 1, table: 0, slot: 7 },
      'Slot 7 of table 0 belongs to group 1, the router has it offline',
    ],
    [
      { kind: 'slot-in-other-group', group: 1, table: 0, slot: 7, found: 2 },
      'Slot 7 of table 0 belongs to group 1, the router has it in group 2',
    ],
  ] as const)('says %j in words', (difference, text) => {
    expect(describeDifference(difference)).toBe(text);
  });
});

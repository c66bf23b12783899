import {
  groupOf,
  groupOfNode,
  masterOf,
  ownerOf,
  replicasOf,
  slotRefsOf,
  type GroupDefinition,
  type Topology,
} from './topology';

const first: GroupDefinition = {
  id: 1,
  nodes: ['10.0.0.1:9221', '10.0.0.2:9221', '10.0.0.3:9221'],
  slots: [
    { table: 0, slots: [0, 1] },
    { table: 1, slots: [7] },
  ],
};
const second: GroupDefinition = { id: 2, nodes: ['10.0.0.4:9221'], slots: [] };
const topology: Topology = {
  tables: [
    { id: 0, slots: 1024 },
    { id: 1, slots: 8 },
  ],
  groups: [first, second],
};

describe('topology', () => {
  it('finds a group by its id and by its nodes', () => {
    expect(groupOf(topology, 2)).toBe(second);
    expect(groupOf(topology, 3)).toBeUndefined();
    expect(groupOfNode(topology, '10.0.0.3:9221')).toBe(first);
    expect(groupOfNode(topology, '10.0.0.9:9221')).toBeUndefined();
  });

  it('takes the first node as the master, all others as replicas', () => {
    expect(masterOf(first)).toBe('10.0.0.1:9221');
    expect(replicasOf(first)).toEqual(['10.0.0.2:9221', '10.0.0.3:9221']);
    expect(replicasOf(second)).toEqual([]);
  });

  it('finds the owner of a slot in its own table only', () => {
    expect(ownerOf(topology, { table: 1, slot: 7 })).toBe(first);
    expect(ownerOf(topology, { table: 0, slot: 7 })).toBeUndefined();
  });

  it('lists the slots of a group', () => {
    expect(slotRefsOf(first)).toEqual([
      { table: 0, slot: 0 },
      { table: 0, slot: 1 },
      { table: 1, slot: 7 },
    ]);
  });
});

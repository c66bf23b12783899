import { formatPath } from './topology-problem';
import { type GroupDefinition, type TableDefinition } from './topology';
import { validateTopology } from './validate-topology';

const table = (id: number, slots: number): TableDefinition => ({ id, slots });
const group = (id: number, node: string, ...slots: number[]): GroupDefinition => ({
  id,
  nodes: [node],
  slots: [{ table: 0, slots }],
});

function problems(tables: TableDefinition[], groups: GroupDefinition[]): string[] {
  return validateTopology({ tables, groups }).map(
    ({ code, path, message }) => `${code} ${formatPath(path)}: ${message}`,
  );
}

describe('validateTopology', () => {
  it('finds nothing wrong with a sound topology, also when slots are left over', () => {
    expect(problems([table(0, 1024)], [group(1, 'a:1', 0, 1, 2), group(9999, 'b:1', 1023)])).toEqual([]);
  });

  it('refuses group ids a dashboard would not accept', () => {
    expect(
      problems([table(0, 8)], [group(0, 'a:1', 0), group(10_000, 'b:1', 1), group(1.5, 'c:1', 2)]),
    ).toEqual([
      'GROUP_ID_OUT_OF_RANGE groups[0].id: 0 cannot be the id of a group',
      'GROUP_ID_OUT_OF_RANGE groups[1].id: 10000 cannot be the id of a group',
      'GROUP_ID_OUT_OF_RANGE groups[2].id: 1.5 cannot be the id of a group',
    ]);
  });

  it('refuses a group described twice', () => {
    expect(problems([table(0, 8)], [group(1, 'a:1', 0), group(1, 'b:1', 1)])).toEqual([
      'GROUP_REPEATED groups[1].id: Group 1 is described twice',
    ]);
  });

  it('refuses a node in two groups, however it is written', () => {
    expect(problems([table(0, 8)], [group(1, 'node-a:1', 0), group(2, 'Node-A:1', 1)])).toEqual([
      'NODE_REPEATED groups[1].nodes[0]: Node Node-A:1 is in group 1 and in group 2',
    ]);
  });

  it('refuses a node twice in one group', () => {
    expect(problems([table(0, 8)], [{ id: 1, nodes: ['a:1', 'a:1'], slots: [] }])).toEqual([
      'NODE_REPEATED groups[0].nodes[1]: Node a:1 is named twice in group 1',
    ]);
  });

  it('refuses an address that is none', () => {
    expect(problems([table(0, 8)], [group(1, '10.0.0.1', 0)])).toEqual([
      'ADDRESS_INVALID groups[0].nodes[0]: "10.0.0.1" is not an address: it has no port',
    ]);
  });

  it('refuses slots the table does not have', () => {
    expect(problems([table(0, 8)], [group(1, 'a:1', 6, 7, 8, 9), group(2, 'b:1', -1)])).toEqual([
      'SLOTS_OUT_OF_RANGE groups[0].slots[0]: Table 0 has 8 slots, and no slots 8-9',
      'SLOTS_OUT_OF_RANGE groups[1].slots[0]: Table 0 has 8 slots, and no slot -1',
    ]);
  });

  it('refuses slots of a table that is not described', () => {
    expect(problems([table(1, 8)], [group(1, 'a:1', 0)])).toEqual([
      'TABLE_UNKNOWN groups[0].slots[0]: Table 0 is not described',
    ]);
  });

  it('names each pair of groups that claim the same slots', () => {
    expect(
      problems(
        [table(0, 64)],
        [group(1, 'a:1', 1, 2, 3), group(2, 'b:1', 4, 5), group(3, 'c:1', 2, 3, 4, 6)],
      ),
    ).toEqual([
      'SLOTS_OVERLAP groups[2].slots[0]: Group 1 and group 3 both claim slots 2-3 of table 0',
      'SLOTS_OVERLAP groups[2].slots[0]: Group 2 and group 3 both claim slot 4 of table 0',
    ]);
  });

  it('refuses a slot named twice in one group', () => {
    expect(problems([table(0, 8)], [group(1, 'a:1', 5, 5)])).toEqual([
      'SLOTS_OVERLAP groups[0].slots[0]: Group 1 names slot 5 of table 0 twice',
    ]);
  });

  it('keeps the slots of different tables apart', () => {
    const owned = (slots: GroupDefinition['slots'], id: number): GroupDefinition => ({
      id,
      nodes: [`a:${id}`],
      slots,
    });
    expect(
      problems(
        [table(0, 8), table(1, 8)],
        [owned([{ table: 0, slots: [1] }], 1), owned([{ table: 1, slots: [1] }], 2)],
      ),
    ).toEqual([]);
  });

  it('refuses tables that cannot be, without blaming their slots', () => {
    expect(
      problems([table(0, 0), table(-1, 8), table(2, 65_537), table(2, 8)], [group(1, 'a:1', 5)]),
    ).toEqual([
      'TABLE_SIZE_INVALID tables[0].slots: Table 0 cannot have 0 slots',
      'TABLE_ID_INVALID tables[1].id: -1 cannot be the id of a table',
      'TABLE_SIZE_INVALID tables[2].slots: Table 2 cannot have 65537 slots',
      'TABLE_REPEATED tables[3]: Table 2 is described twice',
    ]);
  });

  it('says what to do about each', () => {
    const found = validateTopology({
      tables: [table(0, 8), table(0, 0)],
      groups: [group(0, 'x', 9), group(0, 'y:1', 9)],
    });
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter(({ remedy }) => !remedy.endsWith('.'))).toEqual([]);
  });
});

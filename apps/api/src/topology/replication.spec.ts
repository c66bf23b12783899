import { type AttachedSlave, type SlotInfo } from '@slotferry/pika';
import { type NodeView } from './node-view';
import { bySlotTable, replicationOf } from './replication';

const replica = '127.0.0.1:9522';
const owned = [0, 1, 2, 3].map((slot) => ({ table: 0, slot }));

function master(slaves: Record<number, Omit<AttachedSlave, 'address'>>): NodeView {
  const slots = owned.map(({ slot }): [number, SlotInfo] => {
    const found = slaves[slot];
    const attached = found ? [{ address: replica, ...found }] : [];
    return [
      slot,
      {
        table: 0,
        slot,
        position: { file: 0, offset: 0 },
        safetyPurge: null,
        slaves: attached,
        following: null,
      },
    ];
  });
  return {
    address: '127.0.0.1:9521',
    problem: null,
    version: '3.4.1',
    uptimeSeconds: 1,
    tables: new Map([[0, new Map(slots)]]),
  };
}

describe('replicationOf', () => {
  it('sorts slots by what the master says of the replica', () => {
    const found = replicationOf(
      replica,
      master({
        0: { status: 'SlaveBinlogSync', lag: 7 },
        1: { status: 'SlaveBinlogSync', lag: 5_000 },
        2: { status: 'SlaveDbSync', lag: null },
      }),
      owned,
      1_000,
    );
    expect(found).toEqual({
      attached: [{ table: 0, slots: '0', count: 1 }],
      lagging: [{ table: 0, slots: '1-2', count: 2 }],
      missing: [{ table: 0, slots: '3', count: 1 }],
      maxLagBytes: 5_000,
    });
  });

  it('misses every slot of a replica that the master does not list', () => {
    expect(
      replicationOf('127.0.0.1:1', master({ 0: { status: 'SlaveBinlogSync', lag: 0 } }), owned, 0),
    ).toMatchObject({
      attached: [],
      missing: [{ slots: '0-3' }],
      maxLagBytes: null,
    });
  });
});

describe('bySlotTable', () => {
  it('keeps tables apart', () => {
    expect(
      bySlotTable([
        { table: 0, slot: 1 },
        { table: 1, slot: 1 },
        { table: 0, slot: 2 },
      ]),
    ).toEqual([
      { table: 0, slots: '1-2', count: 2 },
      { table: 1, slots: '1', count: 1 },
    ]);
  });
});

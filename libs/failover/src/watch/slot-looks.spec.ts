import type { SlotInfo } from '@slotferry/pika';
import { SlotLooks, totalLag } from './slot-looks';

const position = { file: 0, offset: 90 };
const master = (slot: number, lag: number | null): SlotInfo => ({
  table: 0,
  slot,
  position,
  safetyPurge: null,
  slaves: [{ address: 'r:1', status: lag === null ? 'SlaveDbSync' : 'SlaveBinlogSync', lag }],
  following: null,
});
const replica = (slot: number): SlotInfo => ({
  ...master(slot, 0),
  slaves: [],
  following: { master: 'm:1', status: 'kConnected' },
});

describe('looks at slots', () => {
  it('give a replica the lag that its master tells', () => {
    const looks = new SlotLooks();
    looks.take('m:1', 1, [master(0, 5), master(1, 7)]);
    const seen = looks.take('r:1', 2, [replica(0), replica(1)]);
    expect(seen.slots.map(({ lag }) => lag)).toEqual([5, 7]);
    expect(seen.slots[0]).toMatchObject({ following: 'm:1', status: 'kConnected', position });
    expect(totalLag(seen)).toBe(12);
  });

  it('give none where a master does not tell, has left, or does not list the replica any more', () => {
    const looks = new SlotLooks();
    expect(totalLag(looks.take('r:1', 1, [replica(0)]))).toBeNull();
    looks.take('m:1', 1, [master(0, 5), master(1, null)]);
    expect(totalLag(looks.take('r:1', 1, [replica(0), replica(1)]))).toBeNull();
    expect(totalLag(looks.take('r:1', 1, [replica(0)]))).toBe(5);
    looks.keepOnly(new Set(['r:1']));
    expect(totalLag(looks.take('r:1', 1, [replica(0)]))).toBeNull();
  });

  it('find no lag of a node that follows nobody', () => {
    expect(totalLag(new SlotLooks().take('m:1', 1, [master(0, 5)]))).toBeNull();
  });
});

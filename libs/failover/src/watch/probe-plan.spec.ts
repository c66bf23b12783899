import { slotOfKey } from '@slotferry/cluster';
import { keyInSlot, planForMaster, planForReplica } from './probe-plan';

describe('how nodes are probed', () => {
  it.each([
    [500, 100],
    [1_000, 200],
    [5_000, 1_000],
    [600_000, 1_000],
  ])('a master with a down-after time of %i ms is asked every %i ms', (downAfterMs, pingMs) => {
    expect(planForMaster({ downAfterMs }, null)).toMatchObject({
      pingMs,
      retryMs: Math.min(pingMs, 200),
    });
  });

  it('a replica is asked every second', () => {
    expect(planForReplica({ downAfterMs: 500 })).toMatchObject({ pingMs: 1_000, dataKey: null });
  });

  it('an answer is given up well before the node counts as down', () => {
    for (const downAfterMs of [500, 1_000, 5_000])
      expect(planForMaster({ downAfterMs }, null).limitMs).toBeLessThanOrEqual(downAfterMs / 2);
  });

  it.each([0, 1, 777, 1_023])('a key of slot %i lies in it', (slot) => {
    expect(slotOfKey(keyInSlot(slot, 1_024), 1_024)).toBe(slot);
  });
});

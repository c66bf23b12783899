import type { RouterView, SlotRoute } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { movedSlots, slotsToHold } from './nodes';

const definition = {
  groups: [
    { id: 1, nodes: ['a:1', 'b:1'], slots: [{ table: 0, slots: [0, 1, 2] }] },
    { id: 2, nodes: ['c:1', 'd:1', 'e:1'], slots: [{ table: 0, slots: [3] }] },
    { id: 3, nodes: ['f:1'], slots: [] },
  ],
};
const cluster = { definition } as unknown as OpenCluster;
const viewOf = (...routes: Partial<SlotRoute>[]): RouterView =>
  ({
    routes: routes.map((route) => ({ table: 0, group: null, handover: null, ...route })),
  }) as unknown as RouterView;

describe('what a bootstrap lets the groups hold', () => {
  it('is what the definition says, when the router knows nothing yet', () => {
    expect(slotsToHold(cluster, viewOf())).toEqual([
      { group: definition.groups[0], master: 'a:1', replicas: ['b:1'], table: 0, slots: [0, 1, 2] },
      { group: definition.groups[1], master: 'c:1', replicas: ['d:1', 'e:1'], table: 0, slots: [3] },
    ]);
    expect(movedSlots(cluster, viewOf())).toBe(0);
  });

  it('takes a slot that is offline for one of its group', () => {
    const [first] = slotsToHold(cluster, viewOf({ slot: 0, group: null }, { slot: 1, group: 1 }));
    expect(first?.slots).toEqual([0, 1, 2]);
  });

  it('leaves out slots that were moved, or are being handed over', () => {
    const view = viewOf(
      { slot: 0, group: 3 },
      { slot: 1, group: 1, handover: { state: 'queued', target: 3 } },
      { slot: 3, group: 2 },
    );
    expect(slotsToHold(cluster, view).map(({ slots }) => slots)).toEqual([[2], [3]]);
    expect(movedSlots(cluster, view)).toBe(2);
  });

  it('does not mistake a slot of another table', () => {
    expect(slotsToHold(cluster, viewOf({ table: 1, slot: 0, group: 3 }))[0]?.slots).toEqual([0, 1, 2]);
  });
});

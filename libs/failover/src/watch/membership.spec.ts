import type { RouterGroup, SlotRoute } from '@slotferry/cluster';
import { groupsOf } from './membership';

const group = (id: number, ...servers: string[]): RouterGroup => ({
  id,
  servers,
  promoting: false,
  outOfSync: false,
});
const route = (slot: number, owner: number | null, target?: number): SlotRoute => ({
  table: 0,
  slot,
  group: owner,
  handover: target === undefined ? null : { state: 'holding', target },
});

describe('the groups of a router', () => {
  it('have a master, replicas and the slots that clients are sent to them for', () => {
    const view = {
      groups: [group(1, 'a:1', 'b:1', 'c:1'), group(2, 'd:1'), group(3)],
      routes: [route(0, 1), route(1, 1, 2), route(2, null)],
    };
    expect(groupsOf(view)).toEqual([
      {
        id: 1,
        master: 'a:1',
        replicas: ['b:1', 'c:1'],
        slots: [
          { table: 0, slot: 0 },
          { table: 0, slot: 1 },
        ],
      },
      { id: 2, master: 'd:1', replicas: [], slots: [] },
    ]);
  });
});

import { type Group, type SlotMapping } from '../protocol/models';
import { planRebalance } from './rebalance-plan';

const server = { server: '127.0.0.1:1', datacenter: '', action: {}, replica_group: false };
const group = (id: number, servers = [server]): Group => ({ id, servers, promoting: {}, out_of_sync: false });
const slots = (groupOf: (id: number) => number): SlotMapping[] =>
  Array.from({ length: 1024 }, (_, id) => ({ id, group_id: groupOf(id), action: {} }));

describe('planRebalance', () => {
  it('moves the highest slots of the larger group', () => {
    const plan = planRebalance(
      slots((id) => (id < 514 ? 1 : 2)),
      [group(1), group(2)],
    );
    expect([...plan]).toEqual([
      [512, 2],
      [513, 2],
    ]);
  });

  it('spreads offline slots over the smallest groups, ties to the lowest id, in the order of slots and groups', () => {
    const plan = planRebalance(
      slots(() => 0),
      [group(1), group(2), group(3)],
    );
    const count = (id: number): number => [...plan.values()].filter((target) => target === id).length;
    expect([count(1), count(2), count(3)]).toEqual([342, 341, 341]);
    expect([plan.get(0), plan.get(341), plan.get(342), plan.get(1023)]).toEqual([1, 1, 2, 3]);
  });

  it('counts a slot with an action for its target and leaves it alone', () => {
    const some = slots((id) => (id < 512 ? 1 : 2)).map((slot): SlotMapping =>
      slot.id < 10 ? { ...slot, action: { index: 1, state: 'pending', target_id: 2 } } : slot,
    );
    const plan = planRebalance(some, [group(1), group(2)]);
    expect([...plan.keys()].every((id) => id >= 512)).toBe(true);
    expect(plan.size).toBe(10);
  });

  it('ignores groups without a server and refuses when there is no other', () => {
    expect(() =>
      planRebalance(
        slots(() => 0),
        [group(1, [])],
      ),
    ).toThrow('no valid group could be found');
  });
});

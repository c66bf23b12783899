import type { RouterView, SlotRoute } from '@slotferry/cluster';
import type { SwitchoverInput } from '../../definitions';
import { refusalsOfRequest } from './of-request';

const [master, replica, other] = ['10.0.0.1:9221', '10.0.0.2:9221', '10.0.0.3:9221'];
type Changes = { readonly [K in 'group' | 'from' | 'to' | 'notBefore']?: SwitchoverInput[K] };
const input: SwitchoverInput = {
  cluster: 'lab',
  group: 1,
  from: master,
  to: replica,
  acceptLoss: false,
  notBefore: '',
};

function view(
  changes: { readonly promoting?: boolean; readonly handover?: SlotRoute['handover'] } = {},
): RouterView {
  const { promoting = false, handover = null } = changes;
  return {
    product: 'lab',
    routes: [
      { table: 0, slot: 0, group: 1, handover: null },
      { table: 0, slot: 1, group: 2, handover },
    ],
    groups: [
      { id: 1, servers: [master, replica], promoting, outOfSync: false },
      { id: 2, servers: [other], promoting: false, outOfSync: false },
    ],
    proxies: [],
    handovers: { disabled: false, intervalMicros: 0, executing: 0, status: '' },
  };
}

const refusals = (changes: Changes, seen = view()) => {
  const asked: SwitchoverInput = { ...input, ...changes };
  const { group, from, to } = asked;
  return refusalsOfRequest(seen, { group, from: { address: from }, to: { address: to } }, asked);
};

describe('what stands against a switchover by the words of the request and the router', () => {
  it('is nothing where a replica of the group is to take over from its master', () => {
    expect(refusals({})).toEqual([]);
  });

  it.each<[string, Changes]>([
    ['group-unknown', { group: 9 }],
    ['already-master', { from: replica, to: master }],
    ['already-master', { to: master }],
    ['not-the-master', { from: other }],
    ['not-a-replica', { to: other }],
    ['not-before-unreadable', { notBefore: 'tonight' }],
  ])('is for good: %s', (code, changes) => {
    expect(refusals(changes)).toMatchObject([{ code, final: true }]);
  });

  it('can go away: a promotion that is stored, a handover of one of its slots', () => {
    const busy = view({ promoting: true, handover: { state: 'queued', target: 1 } });
    expect(refusals({}, busy)).toMatchObject([
      { code: 'group-promoting', final: false },
      { code: 'handover-under-way', final: false },
    ]);
  });

  it('is not a handover between other groups', () => {
    expect(refusals({}, view({ handover: { state: 'holding', target: 3 } }))).toEqual([]);
  });
});

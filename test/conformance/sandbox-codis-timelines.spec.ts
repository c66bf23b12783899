import { array, integer } from '../../apps/sandbox/src/resp';
import { keySlot } from '../../apps/sandbox/src/codis/proxy/key-slot';
import { proxyXauth } from '../../apps/sandbox/src/codis/protocol/xauth';
import { clientOf, keyOf, written } from './sandbox-codis/client';
import { CodisLab } from './sandbox-codis/codis-lab';
import { httpCall } from './sandbox-codis/http-call';
import {
  all,
  answers,
  assign,
  deadProxy,
  done,
  fakeProxy,
  groups,
  proxies,
  slotIs,
} from './sandbox-codis/states';
import { until } from './sandbox-codis/until';

const twoGroups = groups({ 1: ['18221'], 2: ['18211'] });
const key = keyOf(700, keySlot);

let lab: CodisLab;

beforeEach(() => {
  lab = new CodisLab({ timings: { afterErrorMs: 300 } });
});

afterEach(() => lab.close());

it('brings a proxy online with five calls and moves an empty slot with three fills', async () => {
  await all(twoGroups, assign(2, [710, 711]), fakeProxy('healthy'))(lab);
  const fake = await lab.fake();
  expect(fake.calls.map(({ verb }) => verb).filter((verb) => verb !== 'stats')).toEqual([
    'model',
    'xping',
    'fillslots',
    'start',
    'sentinels',
  ]);
  await lab.done('slots/action/create/X/710/1');
  await lab.untilStats('moved', (stats) => stats.slots[710]?.group_id === 1);
  const [target, source] = [(await lab.node(18221)).address, (await lab.node(18211)).address];
  const moved = { id: 710, backend_addr: target, backend_addr_group_id: 1, forward_method: 1 };
  const both = { ...moved, migrate_from: source, migrate_from_group_id: 2 };
  expect(fake.fills).toEqual([[{ ...both, locked: true }], [both], [moved]]);
});

it('repeats the unlock, and later the last fill, with a rest after each failure, and says why only at the end', async () => {
  await all(
    twoGroups,
    assign(2, [711, 712]),
    fakeProxy('fails to unlock'),
    done('slots/action/create/X/711/1'),
  )(lab);
  const fake = await lab.fake();
  await until('three tries', () => fake.fills.length >= 4);
  expect(fake.fills.slice(1).every(([slot]) => slot?.locked === undefined && slot?.migrate_from)).toBe(true);
  const times = fake.calls.filter(({ verb }) => verb === 'fillslots').map(({ at }) => at);
  expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBeGreaterThan(280);
  expect((await lab.stats()).slot_action).toMatchObject({ executor: 0, progress: { status: '' } });
  fake.fails = ({ verb, body }) => verb === 'fillslots' && !JSON.stringify(body).includes('migrate_from');
  await slotIs(711, 'finished')(lab);
  await lab.untilStats(
    'the reason',
    ({ slot_action }) =>
      slot_action.progress.status === `[ERROR] Slot[0711]: proxy-[${fake.token}] resync slots failed`,
  );
  fake.fails = () => false;
  await lab.untilStats('moved', (stats) => stats.slots[711]?.group_id === 1);
});

it('rolls back to unlocked when a proxy is dead, in silence, until that proxy is removed', async () => {
  await all(twoGroups, proxies(18101, 18102), assign(2, [610, 610]), deadProxy(18102))(lab);
  await lab.done('slots/action/create/X/610/1');
  await slotIs(610, 'preparing')(lab);
  expect((await lab.stats()).slot_action.progress.status).toBe('');
  await lab.done(`proxy/remove/X/${(await lab.proxy(18102)).token}/1`);
  await lab.untilStats('moved', (stats) => stats.slots[610]?.group_id === 1);
});

it('works on one slot per group at a time', async () => {
  await all(
    groups({ 1: ['18221'], 2: ['18211'], 4: ['18262'], 5: ['18252'] }),
    assign(2, [701, 702]),
    assign(4, [640, 640]),
    answers(18211, 5),
    answers(18262, 5),
    done('slots/action/disabled/X/1', 'slots/action/create/X/640/5', 'slots/action/create-range/X/701/702/1'),
    done('slots/action/disabled/X/0'),
    slotIs(701, 'migrating'),
  )(lab);
  expect([await lab.slotState(640), await lab.slotState(701), await lab.slotState(702)]).toEqual([
    'migrating',
    'migrating',
    'pending',
  ]);
  await answers(18211, 0)(lab);
  await answers(18262, 0)(lab);
  await lab.untilStats('all moved', (stats) => stats.slots[702]?.group_id === 1);
});

it('holds a request while its slot migrates, with everything behind it, and sends it to the target afterwards', async () => {
  await all(twoGroups, proxies(18101), assign(2, [0, 1023]), answers(18211, 5))(lab);
  const [client, other] = await clients();
  await all(done('slots/action/create/X/700/1'), slotIs(700, 'migrating'))(lab);
  const order: string[] = [];
  const held = client.send(['SET', key, 'new']).then((reply) => order.push(written(reply)));
  const behind = client.send(['GET', 'elsewhere']).then((reply) => order.push(written(reply)));
  const source = await lab.node(18211);
  await until('asked again and again', () => source.seen('SLOTSMGRT-EXEC-WRAPPER').length > 8);
  expect(written(await other.send(['GET', 'elsewhere']))).toBe('$-1');
  expect(order).toEqual([]);
  await answers(18211, 0)(lab);
  await Promise.all([held, behind]);
  expect(order).toEqual(['+OK', '$-1']);
  expect((await lab.node(18221)).data.get(key)?.toString()).toBe('new');
  client.close();
  other.close();
});

it('lets held requests go on at the source when the slot is assigned back', async () => {
  await all(twoGroups, proxies(18101), assign(2, [0, 1023]), answers(18211, 5))(lab);
  const [client, other] = await clients();
  await all(done('slots/action/create/X/700/1'), slotIs(700, 'migrating'))(lab);
  const held = client.send(['SET', key, 'back']);
  await until('held', async () => (await lab.node(18211)).seen('SLOTSMGRT-EXEC-WRAPPER').length > 3);
  await assign(2, [700, 700])(lab);
  expect(written(await held)).toBe('+OK');
  expect((await lab.node(18211)).data.get(key)?.toString()).toBe('back');
  await lab.untilStats(
    'the complaint',
    ({ slot_action }) =>
      slot_action.progress.status === '[ERROR] Slot[0700]: slot-[700] action state is invalid',
  );
  client.close();
  other.close();
});

it.each(['assign', 'resync'] as const)('holds a slot that is filled locked until %s', async (way) => {
  await all(twoGroups, proxies(18101), assign(2, [0, 1023]))(lab);
  const proxy = await lab.proxy(18101);
  const [client, other] = await clients();
  const backend = {
    backend_addr: (await lab.node(18211)).address,
    backend_addr_group_id: 2,
    forward_method: 1,
  };
  await fill(proxy.adminAddress, proxy.token, [{ id: 700, locked: true, ...backend }]);
  const slots = await fetch(`http://${proxy.adminAddress}/proxy/slots`);
  expect(((await slots.json()) as object[])[700]).toEqual({ id: 700, locked: true, ...backend });
  let isHeld = true;
  const held = client.send(['SET', key, 'v']).finally(() => (isHeld = false));
  expect(written(await other.send(['SET', 'elsewhere', 'v']))).toBe('+OK');
  expect(isHeld).toBe(true);
  await (way === 'assign' ? assign(1, [700, 700])(lab) : lab.done('group/resync/X/2'));
  expect(written(await held)).toBe('+OK');
  const now = await lab.node(way === 'assign' ? 18221 : 18211);
  expect(now.data.has(key)).toBe(true);
  client.close();
  other.close();
});

it('answers no fill before the requests under way on the slot are answered', async () => {
  await all(twoGroups, proxies(18101), assign(2, [0, 1023]))(lab);
  const proxy = await lab.proxy(18101);
  const [client, other] = await clients();
  const source = await lab.node(18211);
  await client.send(['GET', key]);
  source.freeze();
  const underWay = client.send(['GET', key]);
  let isFilled = false;
  const filled = fill(proxy.adminAddress, proxy.token, [{ id: 700, locked: true }]).finally(
    () => (isFilled = true),
  );
  await expect(until('filled', () => isFilled, 200)).rejects.toThrow('not within');
  source.thaw();
  await Promise.all([underWay, filled]);
  client.close();
  other.close();
});

it('stands still as a whole while one proxy hangs, except for the model', async () => {
  await all(twoGroups, proxies(18101, 18102), assign(2, [0, 1023]))(lab);
  const frozen = await lab.proxy(18102);
  frozen.freeze();
  const changed = assign(1, [5, 5])(lab);
  let isAnswered = false;
  const stats = lab.stats().finally(() => (isAnswered = true));
  const { address } = await lab.dashboard();
  expect((await fetch(`http://${address}/topom/model`)).status).toBe(200);
  await expect(until('stats', () => isAnswered, 200)).rejects.toThrow('not within');
  frozen.thaw();
  await Promise.all([changed, stats]);
});

it('brings a restarted proxy online again, and forgets interval and disabled with its own restart', async () => {
  await all(twoGroups, proxies(18101), assign(2, [0, 1023]), done('slots/action/disabled/X/1'))(lab);
  const proxy = await lab.proxy(18101);
  const { token } = proxy;
  await proxy.restart();
  expect(proxy.token).toBe(token);
  await until('online', async () => {
    const stats = (await (await fetch(`http://${proxy.adminAddress}/proxy/stats`)).json()) as {
      online: boolean;
    };
    return stats.online;
  });
  await (await lab.dashboard()).restart();
  expect((await lab.stats()).slots[700]?.group_id).toBe(2);
  expect((await lab.stats()).slot_action).toMatchObject({ disabled: false, interval: 0 });
});

it('returns what the source executed, and forwards what the source does not have', async () => {
  await all(twoGroups, proxies(18101), assign(2, [0, 1023]), answers(18211, 5))(lab);
  const [client, other] = await clients();
  await all(done('slots/action/create/X/700/1'), slotIs(700, 'migrating'))(lab);
  const source = await lab.node(18211);
  source.answers.wrapper = () => array([integer(2), integer(42)]);
  expect(written(await client.send(['INCR', key]))).toBe(':42');
  source.answers.wrapper = () => array([integer(0), integer(0)]);
  expect(written(await client.send(['SET', key, 'there']))).toBe('+OK');
  expect((await lab.node(18221)).data.get(key)?.toString()).toBe('there');
  client.close();
  other.close();
});

async function clients(): Promise<
  [Awaited<ReturnType<typeof clientOf>>, Awaited<ReturnType<typeof clientOf>>]
> {
  const { clientAddress } = await lab.proxy(18101);
  return [await clientOf(clientAddress), await clientOf(clientAddress)];
}

async function fill(address: string, token: string, slots: readonly object[]): Promise<void> {
  const url = `http://${address}/api/proxy/fillslots/${proxyXauth(lab.product, '', token)}`;
  const reply = await httpCall({ method: 'PUT', url, headers: [], body: JSON.stringify(slots) });
  expect(reply.statusLine).toBe('HTTP/1.1 200 OK');
}

import { type RouterProxy, type SlotRef, slotOfKey } from '@slotferry/cluster';

import { RespConnection } from '../../../apps/sandbox/src/resp';
import { type Sandbox, startSandbox } from '../../../apps/sandbox/src/sandbox';
import { eventually } from '../../../test/support/eventually';
import { CodisDashboard } from './codis-dashboard';
import { CodisError } from './codis.errors';

const KEYS = ['a', 'b', 'c', 'hello'];
const SLOTS: readonly SlotRef[] = KEYS.map((key) => ({ table: 0, slot: slotOfKey(key, 1_024) }));
const SLOT = SLOTS[0] as SlotRef;
const LIMIT_MS = 300;
const open: { close(): unknown }[] = [];

async function start(): Promise<{ sandbox: Sandbox; dashboard: CodisDashboard }> {
  const sandbox = await startSandbox({ speed: 'zero', nodes: 4, productAuth: 'hunter2' });
  const dashboard = dashboardOf(sandbox, 'hunter2');
  open.push(sandbox);
  return { sandbox, dashboard };
}

function dashboardOf(sandbox: Sandbox, productAuth: string): CodisDashboard {
  const dashboard = new CodisDashboard({
    url: `http://${sandbox.dashboard.process.address}`,
    product: 'lab',
    productAuth,
    connectTimeoutMs: LIMIT_MS,
    readTimeoutMs: 2_000,
    changeTimeoutMs: 5_000,
    proxyTimeoutMs: LIMIT_MS,
  });
  open.push(dashboard);
  return dashboard;
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function clientOf(sandbox: Sandbox, proxy = 'proxy1'): Promise<RespConnection> {
  return connect(sandbox.proxies.get(proxy)?.process.clientAddress ?? '');
}

async function connect(address: string): Promise<RespConnection> {
  const [host = '', port] = address.split(':');
  const client = await RespConnection.connect({ host, port: Number(port) });
  await client.send(['AUTH', 'hunter2']);
  open.unshift(client);
  return client;
}

async function proxiesOf(dashboard: CodisDashboard): Promise<readonly RouterProxy[]> {
  return (await dashboard.view()).proxies;
}

/** Which of the slots each proxy holds. */
async function held(dashboard: CodisDashboard, proxies?: readonly RouterProxy[]): Promise<number[][]> {
  const routes = (proxies ?? (await proxiesOf(dashboard))).map((proxy) =>
    dashboard.proxyRoutes(proxy, SLOTS),
  );
  return (await Promise.all(routes)).map((each) =>
    each.filter(({ locked }) => locked).map(({ slot }) => slot),
  );
}

async function errorOf(promise: Promise<unknown>): Promise<CodisError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof CodisError) return error;
  throw error;
}

const adminOf = (sandbox: Sandbox, name: string): string =>
  sandbox.proxies.get(name)?.process.adminAddress ?? '';

describe('slots held at the proxies', () => {
  it('keep requests waiting, and no others, until they are released', async () => {
    const { sandbox, dashboard } = await start();
    const [waiting, other] = await Promise.all([clientOf(sandbox), clientOf(sandbox, 'proxy2')]);
    await dashboard.hold([SLOT]);
    expect(await held(dashboard)).toEqual([[SLOT.slot], [SLOT.slot]]);
    let answered = false;
    const set = waiting.send(['SET', 'a', '1']).then((reply) => {
      answered = true;
      return reply;
    });
    expect(await other.send(['SET', 'b', '1'])).toMatchObject({ text: 'OK' });
    await dashboard.routes(SLOTS);
    expect(answered).toBe(false);
    await dashboard.release([SLOT]);
    expect(await set).toMatchObject({ type: 'simple', text: 'OK' });
    expect(await held(dashboard)).toEqual([[], []]);
  });

  it('are told to the proxies as the dashboard told them, and afterwards again', async () => {
    const { dashboard } = await start();
    const [proxy] = await proxiesOf(dashboard);
    const entries = (): Promise<unknown> => dashboard.proxyAdmin(proxy as RouterProxy).filledSlots(SLOTS);
    const before = (await entries()) as object[];
    await dashboard.hold(SLOTS);
    expect(await entries()).toEqual(before.map((entry) => ({ ...entry, locked: true })));
    await dashboard.hold(SLOTS);
    await dashboard.release(SLOTS);
    expect(await entries()).toEqual(before);
  });

  it('are let go to the other group when they are assigned to it', async () => {
    const { sandbox, dashboard } = await start();
    const client = await clientOf(sandbox);
    const route = await dashboard.route(SLOT);
    const target = route.group === 1 ? 2 : 1;
    const master = (await dashboard.view()).groups.find(({ id }) => id === target)?.servers[0] ?? '';
    const node = await connect(master);
    await node.send(['PKCLUSTER', 'ADDSLOTS', String(SLOT.slot)]);
    await dashboard.hold(SLOTS);
    const reply = client.send(['SET', 'a', 'moved']);
    await dashboard.assign(SLOTS, target);
    expect(await reply).toMatchObject({ text: 'OK' });
    expect(await node.send(['GET', 'a'])).toMatchObject({ data: Buffer.from('moved') });
    expect(await held(dashboard)).toEqual([[], []]);
    expect((await dashboard.routes(SLOTS)).map(({ group }) => group)).toEqual(SLOTS.map(() => target));
  });

  it('are let go by a resync of their group', async () => {
    const { dashboard } = await start();
    const { group } = await dashboard.route(SLOT);
    await dashboard.hold([SLOT]);
    await dashboard.resyncGroup(group ?? 0);
    expect(await held(dashboard)).toEqual([[], []]);
  });

  it('are released by another process than the one that holds', async () => {
    const { sandbox, dashboard } = await start();
    await dashboard.hold(SLOTS);
    await dashboardOf(sandbox, 'hunter2').release(SLOTS);
    expect(await held(dashboard)).toEqual([[], []]);
  });

  it('are released without a dashboard when it dies meanwhile', async () => {
    const { sandbox, dashboard } = await start();
    const proxies = await proxiesOf(dashboard);
    await dashboard.hold(SLOTS);
    await sandbox.dashboard.apply('crash');
    await dashboard.release(SLOTS);
    expect(await held(dashboard, proxies)).toEqual([[], []]);
    const stranger = dashboardOf(sandbox, 'hunter2');
    expect(await errorOf(stranger.release(SLOTS))).toMatchObject({ code: 'unreachable' });
  });
});

describe('a hold', () => {
  it('is refused for a slot whose handover is stored, and holds none of the others', async () => {
    const { dashboard } = await start();
    await dashboard.setHandoversDisabled(true);
    const { group } = await dashboard.route(SLOT);
    await dashboard.queueHandover(SLOT, group === 1 ? 2 : 1);
    const error = await errorOf(dashboard.hold(SLOTS));
    expect(error).toMatchObject({ code: 'slot-in-handover', outcomeUnknown: false });
    expect(error.message).toContain(`Slot ${SLOT.slot} `);
    expect(await held(dashboard)).toEqual([[], []]);
  });

  it('is refused for an offline slot', async () => {
    const sandbox = await startSandbox({ speed: 'zero', nodes: 2, groups: 1, slots: 4 });
    open.push(sandbox);
    const dashboard = dashboardOf(sandbox, '');
    expect(await errorOf(dashboard.hold([{ table: 0, slot: 4 }]))).toMatchObject({
      code: 'slot-in-handover',
      message: expect.stringContaining('it is offline'),
    });
  });

  it('opens its gate once for each proxy, and sends nothing that the gate refuses', async () => {
    const { dashboard } = await start();
    const gate = jest.fn();
    await dashboard.hold([SLOT], gate);
    await dashboard.release([SLOT], gate);
    expect(gate).toHaveBeenCalledTimes(4);
    const lost = new Error('the lease is lost');
    const closed = (): never => {
      throw lost;
    };
    await expect(dashboard.hold([SLOT], closed)).rejects.toBe(lost);
    expect(await held(dashboard)).toEqual([[], []]);
  });

  it.each([
    ['dead', 'crash', 'proxy-unreachable'],
    ['hung', 'freeze', 'proxy-hung'],
  ] as const)('keeps no client waiting when a proxy is %s', async (_what, fault, code) => {
    const { sandbox, dashboard } = await start();
    const [healthy] = await proxiesOf(dashboard);
    await sandbox.proxies.get('proxy2')?.apply(fault);
    expect(await errorOf(dashboard.hold(SLOTS))).toMatchObject({
      code,
      proxy: adminOf(sandbox, 'proxy2'),
      outcomeUnknown: false,
    });
    expect(await held(dashboard, [healthy as RouterProxy])).toEqual([[]]);
  });

  it('that a proxy leaves unanswered ends by itself, names it, and can be released at the others', async () => {
    const { sandbox, dashboard } = await start();
    const [healthy, sick] = await proxiesOf(dashboard);
    // The proxy hangs from the moment at which it is told.
    let told = 0;
    const gate = (): void => {
      told += 1;
      if (told === 1) void sandbox.proxies.get('proxy2')?.apply('freeze');
    };
    const began = performance.now();
    expect(await errorOf(dashboard.hold(SLOTS, gate))).toMatchObject({
      code: 'proxy-hung',
      proxy: sick?.admin,
      outcomeUnknown: true,
    });
    expect(performance.now() - began).toBeLessThan(5 * LIMIT_MS);
    expect((await held(dashboard, [healthy as RouterProxy]))[0]).toHaveLength(SLOTS.length);
    expect(await errorOf(dashboard.release(SLOTS))).toMatchObject({ code: 'proxy-hung', proxy: sick?.admin });
    expect(await held(dashboard, [healthy as RouterProxy])).toEqual([[]]);
    await sandbox.proxies.get('proxy2')?.apply('thaw');
    await eventually(
      'a release at both proxies',
      async () => {
        await dashboard.release(SLOTS);
        return (await held(dashboard)).every((slots) => slots.length === 0);
      },
      5_000,
    );
  });

  it('names all proxies that failed', async () => {
    const { sandbox, dashboard } = await start();
    for (const proxy of sandbox.proxies.values()) await proxy.apply('crash');
    const { message } = await errorOf(dashboard.hold(SLOTS));
    expect(message).toContain(adminOf(sandbox, 'proxy1'));
    expect(message).toContain(adminOf(sandbox, 'proxy2'));
  });
});

describe('whether slots can be held', () => {
  it('is so when every proxy answers and takes the key', async () => {
    const { sandbox, dashboard } = await start();
    expect(await dashboard.canHold()).toEqual({ able: true });
    await sandbox.proxies.get('proxy2')?.apply('crash');
    expect(await dashboard.canHold()).toEqual({
      able: false,
      why: expect.stringContaining(adminOf(sandbox, 'proxy2')),
    });
  });

  it('is not so with a wrong password of the product, which is not shown', async () => {
    const { sandbox } = await start();
    const answer = await dashboardOf(sandbox, 'wrong-password').canHold();
    expect(answer).toEqual({ able: false, why: expect.stringContaining('invalid xauth') });
    expect(JSON.stringify(answer)).not.toContain('wrong-password');
  });
});

describe('routes of several slots', () => {
  it.each([1, 3, 200])('come in the order asked for: %d', async (count) => {
    const { dashboard } = await start();
    const slots = Array.from({ length: count }, (_, index) => ({ table: 0, slot: 1_023 - index * 5 }));
    const { routes } = await dashboard.view();
    expect(await dashboard.routes(slots)).toEqual(slots.map(({ slot }) => routes[slot]));
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { type SandboxProxy, startProxy } from '../../apps/sandbox/src/codis';
import { keySlot } from '../../apps/sandbox/src/codis/proxy/key-slot';
import { proxyXauth } from '../../apps/sandbox/src/codis/protocol/xauth';
import { type RespConnection } from '../../apps/sandbox/src/resp';
import { clientOf, written } from './sandbox-codis/client';
import { httpCall } from './sandbox-codis/http-call';
import { SmallNode } from './sandbox-codis/small-node';
import { until } from './sandbox-codis/until';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const PRODUCT = 'lab';
const READ_LIMIT_MS = 800;
const slotOf = (key: string): number => keySlot(Buffer.from(key));

describe('a fill while a server does not answer', () => {
  let [hanging, healthy]: SmallNode[] = [];
  let proxy: SandboxProxy;
  let clients: RespConnection[];

  beforeEach(async () => {
    [hanging, healthy] = [await SmallNode.start(), await SmallNode.start()];
    proxy = await startProxy({
      admin: LOOPBACK,
      client: LOOPBACK,
      product: PRODUCT,
      backendReadMs: READ_LIMIT_MS,
    });
    await call('PUT', guarded('start'));
    await fill({ a: hanging.address, b: hanging.address, c: healthy.address });
    clients = await Promise.all([1, 2, 3, 4].map(() => clientOf(proxy.clientAddress)));
  });

  afterEach(async () => {
    for (const client of clients) client.close();
    await Promise.all([proxy.close(), hanging?.close(), healthy?.close()]);
  });

  it('makes everything wait that looks at the proxy, and no client of other slots, until the limit of a read', async () => {
    const [one, other, free, prober] = clients;
    if (!hanging || !healthy || !one || !other || !free || !prober) throw new Error('not set up');
    for (const key of ['a', 'b']) expect(written(await one.send(['SET', key, '1']))).toBe('+OK');
    hanging.freeze();
    const startedAt = performance.now();
    const underWay = one.send(['GET', 'a']);
    const seen: string[] = [];
    const telling = (what: string, work: Promise<unknown>): Promise<unknown> =>
      work.then(() => seen.push(what));
    const filled = telling('fill', fill({ a: healthy.address }));
    await until('the fill to wait', () => hangs());
    const waiting = [
      telling('stats', call('GET', '/proxy/stats')),
      telling('slots', call('GET', '/proxy/slots')),
      telling('overview', call('GET', '/proxy')),
      telling('xping', call('GET', guarded('xping'))),
      telling('refusal', call('GET', '/api/proxy/xping/wrong')),
      telling('ping', prober.send(['PING', healthy.address])),
    ];
    await call('GET', '/proxy/model');
    expect(written(await free.send(['SET', 'c', '1']))).toBe('+OK');
    // Further requests to the server that hangs do not give it more time.
    const more: Promise<unknown>[] = [];
    while (seen.length === 0 && performance.now() - startedAt < 5 * READ_LIMIT_MS) {
      more.push(other.send(['GET', 'b']));
      await pause(50);
    }
    await Promise.all([filled, ...waiting]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(READ_LIMIT_MS - 5);
    expect(performance.now() - startedAt).toBeLessThan(3 * READ_LIMIT_MS);
    expect(seen[0]).toBe('fill');
    expect(written(await underWay)).toBe(
      `-ERR handle response, backend conn failure, read tcp ${hanging.address}: i/o timeout`,
    );
    expect(written(await one.send(['GET', 'a']))).toBe('$-1');
    hanging.thaw();
    await Promise.all(more);
  });

  const hangs = async (): Promise<boolean> =>
    Promise.race([call('GET', '/proxy/stats').then(() => false), pause(100).then(() => true)]);

  const guarded = (verb: string): string => `/api/proxy/${verb}/${proxyXauth(PRODUCT, '', proxy.token)}`;

  const call = async (method: string, path: string, body: unknown = null): Promise<string> => {
    const url = `http://${proxy.adminAddress}${path}`;
    const sent = body === null ? null : JSON.stringify(body);
    return (await httpCall({ method, url, headers: [], body: sent })).body.toString();
  };

  const fill = (routes: Readonly<Record<string, string>>): Promise<string> =>
    call(
      'PUT',
      guarded('fillslots'),
      Object.entries(routes).map(([key, address]) => ({ id: slotOf(key), backend_addr: address })),
    );
});

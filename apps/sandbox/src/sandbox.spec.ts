import { setTimeout as sleep } from 'node:timers/promises';
import { RespConnection } from './resp';
import { type Sandbox, startSandbox } from './sandbox';
import { type Topology } from './topology';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

describe('a whole sandbox', () => {
  let sandbox: Sandbox;
  let client: RespConnection;

  const control = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`http://${sandbox.controlAddress}${path}`, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };

  beforeAll(async () => {
    sandbox = await startSandbox({ speed: 'zero', productAuth: 'secret', peerTimeoutMs: 200 });
    const [host, port] = (sandbox.topology().proxies[0]?.client ?? '').split(':');
    client = await RespConnection.connect({ host: host ?? '', port: Number(port) });
  });

  afterAll(async () => {
    client.close();
    await sandbox.close();
  });

  it('is made of groups that serve clients through the proxies', async () => {
    const { nodes } = (await control('GET', '/topology')).body as unknown as Topology;
    expect(nodes.map(({ name, masterOf, slaveOf }) => [name, masterOf, slaveOf])).toEqual([
      ['pika1', '0-511', ''],
      ['pika2', '', '0-511'],
      ['pika3', '512-1023', ''],
      ['pika4', '', '512-1023'],
      ['pika5', '', ''],
      ['pika6', '', ''],
    ]);
    for (const key of ['a', 'b', 'c', 'probe:2', 'probe:3']) {
      expect(await client.send(['set', key, `value of ${key}`])).toMatchObject({ text: 'OK' });
    }
    expect(await client.send(['mget', 'a', 'probe:2'])).toMatchObject({
      items: [{ data: Buffer.from('value of a') }, { data: Buffer.from('value of probe:2') }],
    });
  });

  it('lets copies be compared', async () => {
    const copies = ['/nodes/pika3/slots/579/data', '/nodes/pika4/slots/579/data'];
    const digests = async (): Promise<unknown[]> =>
      Promise.all(copies.map(async (path) => (await control('GET', path)).body['digest']));
    let [original, replica] = await digests();
    for (let attempt = 0; attempt < 100 && original !== replica; attempt += 1) {
      await sleep(5);
      [original, replica] = await digests();
    }
    expect(replica).toBe(original);
    expect((await control('GET', copies[0] ?? '')).body).toMatchObject({ keys: 1, keyNames: ['a'] });
  });

  it('breaks and mends nodes, links, proxies and the dashboard', async () => {
    expect((await control('POST', '/nodes/pika5/crash')).body).toEqual({ name: 'pika5', condition: 'down' });
    expect((await control('POST', '/nodes/pika5/restart')).body).toEqual({
      name: 'pika5',
      condition: 'running',
    });
    expect((await control('POST', '/nodes/pika5/freeze')).body['condition']).toBe('frozen');
    expect((await control('POST', '/nodes/pika5/thaw')).body['condition']).toBe('running');
    await control('POST', '/nodes/pika5/fill-disk');
    await control('POST', '/nodes/pika6/hold-replication');
    expect(sandbox.topology().nodes.slice(4)).toMatchObject([
      { isDiskFull: true },
      { holdsReplication: true },
    ]);
    const link = { from: 'pika1', to: 'pika2' };
    expect((await control('POST', '/links', { ...link, action: 'cut' })).body['isCut']).toBe(true);
    expect((await control('POST', '/links', { ...link, action: 'restore' })).body['isCut']).toBe(false);
    expect((await control('POST', '/links', { ...link, action: 'slow', delayMs: 5 })).body['delayMs']).toBe(
      5,
    );
    const host = { from: '127.0.0.9', to: 'pika2' };
    expect((await control('POST', '/links', { ...host, action: 'cut' })).body['isCut']).toBe(true);
    expect((await control('POST', '/links', { ...host, action: 'restore' })).body['isCut']).toBe(false);
    expect((await control('POST', '/links', { ...host, action: 'slow' })).status).toBe(404);
    for (const process of ['proxies/proxy2', 'dashboard']) {
      for (const [action, condition] of [
        ['freeze', 'frozen'],
        ['thaw', 'running'],
        ['crash', 'down'],
        ['restart', 'running'],
      ]) {
        expect((await control('POST', `/${process}/${action}`)).body['condition']).toBe(condition);
      }
    }
  });

  it('changes what things cost while it runs', async () => {
    expect((await control('PUT', '/costs', { speed: 10 })).body['speed']).toBe(10);
    expect((await control('PUT', '/costs', { speed: 'zero', peerTimeoutMs: 300 })).body).toEqual({
      speed: 'zero',
      peerTimeoutMs: 300,
    });
    expect((await control('GET', '/stats')).body['pika1']).toMatchObject({ slotsCreated: 512 });
  });

  it.each([
    ['GET', '/nowhere', undefined, 404, 'SANDBOX_NOT_FOUND'],
    ['DELETE', '/topology', undefined, 405, 'SANDBOX_METHOD'],
    ['POST', '/nodes/pika9/crash', undefined, 404, 'SANDBOX_NOT_FOUND'],
    ['POST', '/nodes/pika1/explode', undefined, 404, 'SANDBOX_NOT_FOUND'],
    ['PUT', '/costs', { speed: 'warp' }, 400, 'SANDBOX_BAD_REQUEST'],
    ['PUT', '/costs', '{bad', 400, 'SANDBOX_BAD_REQUEST'],
    ['POST', '/links', { from: 'pika1', to: 'pika2', action: 'slow' }, 400, 'SANDBOX_BAD_REQUEST'],
    ['GET', '/nodes/pika5/slots/579/data', undefined, 404, 'SANDBOX_NOT_FOUND'],
  ])('%s %s is refused with a remedy', async (method, path, body, status, code) => {
    const refusal = await control(method, path, body);
    expect(refusal).toMatchObject({ status, body: { code } });
    expect(refusal.body['remedy']).toMatch(/\w/);
  });
});

describe('a sandbox without groups', () => {
  it('has empty nodes, no groups and registered proxies', async () => {
    const sandbox = await startSandbox({ groups: 0, nodes: 2, proxies: 1, speed: 'zero' });
    const { dashboard, proxies, nodes } = sandbox.topology();
    const view = (await (await fetch(`http://${dashboard.address}/topom/stats`)).json()) as {
      group: { models: unknown[] };
      proxy: { models: { admin_addr: string }[] };
    };
    expect(view.group.models).toEqual([]);
    expect(view.proxy.models.map((proxy) => proxy.admin_addr)).toEqual([proxies[0]?.admin]);
    expect(nodes.map(({ masterOf }) => masterOf)).toEqual(['', '']);
    await sandbox.close();
    await expect(fetch(`http://${dashboard.address}/topom`)).rejects.toThrow();
  });

  it('has as many replicas in each group as asked for', async () => {
    const large = await startSandbox({ nodes: 7, groups: 2, replicas: 2, slots: 4, speed: 'zero' });
    expect(large.topology().nodes.map(({ masterOf, slaveOf }) => [masterOf, slaveOf])).toEqual([
      ...[
        ['0-1', ''],
        ...[
          ['', '0-1'],
          ['', '0-1'],
        ],
      ],
      ...[
        ['2-3', ''],
        ...[
          ['', '2-3'],
          ['', '2-3'],
        ],
      ],
      ['', ''],
    ]);
    await large.close();
  });

  it('is refused when the groups do not fit', async () => {
    await expect(startSandbox({ nodes: 2, groups: 2 })).rejects.toMatchObject({
      code: 'SANDBOX_OPTIONS',
      remedy: expect.stringContaining('--nodes 4'),
    });
  });
});

import { CodisDashboard } from './codis-dashboard';
import { answerWith, handleSockets, replay } from './testing/answering-server';
import { recordedCase } from './testing/recorded-cases';

const TOKEN = 'fc7f0466f1a9181fee7aabab79004184';
const limits = { connectTimeoutMs: 200, readTimeoutMs: 200, changeTimeoutMs: 200, proxyTimeoutMs: 50 };
const dashboard = new CodisDashboard({ url: 'http://127.0.0.1:1', product: 'codis-lab', ...limits });
const proxyAt = (admin: string): Parameters<CodisDashboard['proxyRoutes']>[0] => ({
  admin,
  token: TOKEN,
  address: '127.0.0.1:2',
  problem: null,
});
afterAll(() => dashboard.close());

describe('a proxy', () => {
  it('shows what it does with slots, in the order they are asked for', async () => {
    const server = await answerWith(replay(recordedCase('proxy.slots', 'after-assign-noauth')));
    const routes = await dashboard.proxyRoutes(proxyAt(server.address), [
      { table: 0, slot: 1023 },
      { table: 0, slot: 0 },
    ]);
    expect(routes).toEqual([
      { table: 0, slot: 1023, backend: null, migrateFrom: null, locked: false },
      { table: 0, slot: 0, backend: '127.0.0.1:18201', migrateFrom: null, locked: false },
    ]);
    expect(server.seen.map(({ path }) => path)).toEqual(['/proxy/slots']);
    await server.close();
  });

  it('shows slots that are held', async () => {
    const entries = [
      { id: 0, backend_addr: 'b:1', migrate_from: 'a:1', locked: true },
      { id: 1, backend_addr: 'b:1', migrate_from: 'a:1' },
    ];
    const server = await answerWith((_request, response) => void response.end(JSON.stringify(entries)));
    const slots = [0, 1].map((slot) => ({ table: 0, slot }));
    expect(await dashboard.proxyRoutes(proxyAt(server.address), slots)).toMatchObject([
      { backend: 'b:1', migrateFrom: 'a:1', locked: true },
      { backend: 'b:1', migrateFrom: 'a:1', locked: false },
    ]);
    await expect(
      dashboard.proxyRoutes(proxyAt(server.address), [{ table: 0, slot: 2 }]),
    ).rejects.toMatchObject({
      code: 'bad-answer',
      proxy: server.address,
    });
    await server.close();
  });

  it('that is gone is named', async () => {
    const server = await answerWith(() => undefined);
    await server.close();
    const asking = dashboard.proxyRoutes(proxyAt(server.address), [{ table: 0, slot: 0 }]);
    await expect(asking).rejects.toMatchObject({
      code: 'proxy-unreachable',
      proxy: server.address,
      message: expect.stringContaining(`the proxy ${server.address} cannot be reached (ECONNREFUSED)`),
    });
  });

  it('that hangs is named, after a short time', async () => {
    const server = await handleSockets(() => undefined);
    const admin = new URL(server.url).host;
    await expect(dashboard.proxyRoutes(proxyAt(admin), [{ table: 0, slot: 0 }])).rejects.toMatchObject({
      code: 'proxy-hung',
      proxy: admin,
    });
    await server.close();
  });

  it('is asked with a key of its own', async () => {
    const server = await answerWith((_request, response) => void response.end('"OK"'));
    const admin = dashboard.proxyAdmin(proxyAt(server.address));
    await admin.ping();
    await admin.fillSlots([{ id: 0, backend_addr: 'a:1', locked: true }]);
    expect(server.seen).toEqual([
      { method: 'GET', path: '/api/proxy/xping/7d6bca5d0445da6ff19e4a6137f28017', body: '' },
      {
        method: 'PUT',
        path: '/api/proxy/fillslots/7d6bca5d0445da6ff19e4a6137f28017',
        body: '[{"id":0,"backend_addr":"a:1","locked":true}]',
      },
    ]);
    await server.close();
  });

  it('is alive when it shows its model', async () => {
    const server = await answerWith(replay(recordedCase('proxy.model', 'ok')));
    await dashboard.pingProxy(proxyAt(server.address));
    expect(server.seen.map(({ path }) => path)).toEqual(['/proxy/model']);
    await server.close();
  });

  it('is told to send elsewhere what goes to a dead master, and only that', async () => {
    const group = { backend_addr_group_id: 1, forward_method: 1 };
    const entries = [
      { id: 0, backend_addr: 'a:1', locked: true, ...group },
      { id: 1, backend_addr: 'a:1', replica_groups: [['a:1', 'b:1']], ...group },
      { id: 2, backend_addr: 'c:1' },
      { id: 3, backend_addr: 'a:1', migrate_from: 'c:1' },
      { id: 4, backend_addr: 'a:1' },
    ];
    const server = await answerWith(
      ({ method }, response) => void response.end(method === 'GET' ? JSON.stringify(entries) : '"OK"'),
    );
    const slots = [0, 1, 2, 3].map((slot) => ({ table: 0, slot }));
    await dashboard.redirect(proxyAt(server.address), slots, { from: 'a:1', to: 'b:1' });
    expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual([
      { id: 0, backend_addr: 'b:1', locked: false, ...group },
      { id: 1, backend_addr: 'b:1', locked: false, ...group },
    ]);
    await dashboard.redirect(proxyAt(server.address), slots, { from: 'z:1', to: 'b:1' });
    expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET']);
    await server.close();
  });

  it.each(['err-bad-xauth', 'err-dashboard-xauth-is-not-proxy-xauth'])(
    'refuses a wrong key: %s',
    async (name) => {
      const server = await answerWith(replay(recordedCase('proxy.xping', name)));
      const asking = dashboard.proxyAdmin(proxyAt(server.address)).ping();
      await expect(asking).rejects.toMatchObject({ code: 'xauth-refused' });
      await server.close();
    },
  );
});

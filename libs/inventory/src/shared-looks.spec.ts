import type { ClusterDefinition } from '@slotferry/cluster';
import { Redactor } from '@slotferry/platform';
import { type Sandbox, startSandbox } from '../../../apps/sandbox/src/sandbox';
import { definitionOf } from '../../../test/support/lab-definition';
import { ClusterConnections, type OpenCluster } from './cluster-connections';
import { countingRelay, type CountingRelay } from './testing/counting-relay';

const SLOTS_PER_GROUP = 100;
const LOOKS = 200;

/** Requests are counted at relays between the clients and a real dashboard and real nodes. */
describe('looks shared by all who look at the same time', () => {
  let sandbox: Sandbox;
  let dashboard: CountingRelay;
  let nodes: CountingRelay[];
  let connections: ClusterConnections;
  let cluster: OpenCluster;

  beforeAll(async () => {
    sandbox = await startSandbox({ speed: 'zero', groups: 2, slots: 2 * SLOTS_PER_GROUP });
    dashboard = await countingRelay(sandbox.dashboard.process.address);
    nodes = await Promise.all([...sandbox.nodes.values()].map(({ address }) => countingRelay(address)));
    connections = new ClusterConnections(new Redactor());
    cluster = connections.open(through(dashboard));
    await cluster.router.ping();
    await Promise.all(nodes.map(({ address }) => cluster.node(address).ping()));
  });

  beforeEach(() => [dashboard, ...nodes].forEach((relay) => relay.reset()));

  afterAll(async () => {
    await connections.close();
    await Promise.all([dashboard, ...nodes].map((relay) => relay.close()));
    await sandbox.close();
  });

  const through = ({ address }: CountingRelay): ClusterDefinition => {
    const definition = definitionOf(sandbox, { slotsPerGroup: SLOTS_PER_GROUP, holdBudgetMs: 1_000 });
    return { ...definition, router: { ...definition.router, dashboard: `http://${address}` } };
  };

  const statistics = (): number => dashboard.count('GET /api/topom/stats/');
  const looksAt = (relay: CountingRelay | undefined): number => relay?.count('\r\nSLOT\r\n') ?? 0;
  const nodeAt = (index: number): ReturnType<OpenCluster['node']> =>
    cluster.node(nodes[index]?.address ?? '');
  const range = Array.from({ length: LOOKS }, (_, slot) => slot);

  it('take two requests at the router however many look, each seeing its own slot', async () => {
    const [first, ...others] = range.map((slot) => ({ table: 0, slot }));
    const underWay = cluster.router.routes([first ?? { table: 0, slot: 0 }]);
    await new Promise((resolve) => setImmediate(resolve));
    const routes = await Promise.all(others.map((slot) => cluster.router.route(slot)));
    expect((await underWay)[0]).toMatchObject({ slot: 0, group: 1 });
    expect(routes.map(({ slot }) => slot)).toEqual(range.slice(1));
    expect(routes.map(({ group }) => group)).toEqual(
      range.slice(1).map((slot) => (slot < SLOTS_PER_GROUP ? 1 : 2)),
    );
    expect(statistics()).toBe(2);
  });

  it('take two requests at the router at most for views and routes together', async () => {
    const views = range.slice(0, 20).map(() => cluster.router.view());
    const routes = cluster.router.routes([{ table: 0, slot: 5 }]);
    const [view, again] = await Promise.all(views);
    expect(again).toBe(view);
    expect(await routes).toEqual([view?.routes[5]]);
    expect(statistics()).toBeLessThanOrEqual(2);
  });

  it('are views of their own for who asks later, though nothing has changed, unless he says that an old one is good enough', async () => {
    const view = await cluster.router.view();
    expect(await cluster.router.view(60_000)).toBe(view);
    expect(await cluster.router.view()).not.toBe(view);
    expect(statistics()).toBe(2);
  });

  it('take two requests at a proxy however many slots are looked at there', async () => {
    const { proxies } = await cluster.router.view();
    const [proxy] = proxies;
    if (!proxy) throw new Error('there is no proxy');
    const relay = await countingRelay(proxy.admin);
    const through = { ...proxy, admin: relay.address };
    const looks = range.map((slot) => cluster.router.proxyRoutes(through, [{ table: 0, slot }]));
    const lists = cluster.router.proxyRoutes(
      through,
      [5, 3].map((slot) => ({ table: 0, slot })),
    );
    expect((await Promise.all(looks)).map(([route]) => route?.slot)).toEqual(range);
    expect((await lists).map(({ slot }) => slot)).toEqual([5, 3]);
    expect(relay.count('GET /proxy/slots')).toBeLessThanOrEqual(2);
    await relay.close();
  });

  it('fail for whoever asks a proxy for a slot that cannot be, and for nobody else', async () => {
    const { proxies } = await cluster.router.view();
    const [proxy] = proxies;
    if (!proxy) throw new Error('there is no proxy');
    const wrong = cluster.router.proxyRoutes(proxy, [{ table: 0, slot: -1 }]);
    const right = cluster.router.proxyRoutes(proxy, [{ table: 0, slot: 7 }]);
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-argument' });
    expect((await right)[0]?.slot).toBe(7);
  });

  it('take two commands at a node however many slots are looked at, one by one and in lists', async () => {
    const node = nodeAt(0);
    const underWay = node.slot(0);
    await new Promise((resolve) => setImmediate(resolve));
    const infos = await Promise.all(range.map((slot) => node.slot(slot)));
    const lists = await Promise.all([node.slots([1, 2, 150]), node.slots([2, 3])]);
    expect((await underWay)?.slot).toBe(0);
    // The node holds the slots of its group and not those of the other.
    expect(infos.map((info) => info?.slot ?? null)).toEqual(
      range.map((slot) => (slot < SLOTS_PER_GROUP ? slot : null)),
    );
    expect(lists.map((list) => [...list.keys()])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    // Two for the single looks, and one for the lists that were asked for after them.
    expect(looksAt(nodes[0])).toBe(3);
  });

  it.each([10, 100])('cost as many requests as there are nodes, for %d slots', async (slots) => {
    const look = (slot: number): Promise<unknown>[] => nodes.map((_, index) => nodeAt(index).slot(slot));
    await Promise.all(range.slice(0, slots).flatMap(look));
    expect(nodes.map(looksAt)).toEqual(nodes.map(() => 1));
  });

  it('begin after they were asked for: a change that is done is always seen', async () => {
    const { router } = cluster;
    const slot = { table: 0, slot: 7 };
    const node = nodeAt(4);
    for (const group of [2, 1, 2, 1]) {
      // Looks that began before the change are under way while it is made.
      const before = [router.route(slot), router.view(), node.slot(7)];
      await router.assign([slot], group);
      expect((await router.route(slot)).group).toBe(group);
      expect((await router.view()).routes[7]?.group).toBe(group);
      if (group === 2) await node.addSlots([7]);
      else await node.deleteSlots([7]);
      expect((await node.slot(7)) === null).toBe(group === 1);
      await Promise.all(before);
    }
  });

  it('fail for those alone who ask for what cannot be', async () => {
    const node = nodeAt(0);
    const good = [node.slot(1), cluster.router.route({ table: 0, slot: 1 })] as const;
    await expect(node.slot(-1)).rejects.toMatchObject({ code: 'out-of-range' });
    await expect(cluster.router.route({ table: 0, slot: 5_000 })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    expect((await Promise.all(good)).map((one) => one?.slot)).toEqual([1, 1]);
  });

  it('leave it to the node which slots it holds when none is named', async () => {
    const [all, some] = await Promise.all([nodeAt(0).slots(), nodeAt(0).slots([3])]);
    expect(all.size).toBe(SLOTS_PER_GROUP);
    expect([...some.keys()]).toEqual([3]);
    expect((await nodeAt(0).slots([])).size).toBe(0);
  });
});

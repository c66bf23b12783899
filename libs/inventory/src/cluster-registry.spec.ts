import { type ClusterDefinition, DEFAULT_FAILOVER } from '@slotferry/cluster';
import { openRedis } from '@slotferry/platform';
import type { Redis } from 'ioredis';
import { startRedis, type TestRedis } from '../../../test/support/redis';
import { ClusterRegistry } from './cluster-registry';

const lab = (holdBudgetMs = 1_000, name = 'lab'): ClusterDefinition => ({
  name,
  router: {
    kind: 'codis',
    dashboard: 'http://10.0.0.1:18080',
    product: 'lab',
    productAuth: null,
    proxies: [],
  },
  pika: { auth: { env: 'PIKA_AUTH' } },
  migration: { holdBudgetMs, maxStallMs: 100, lagThresholdBytes: 1_048_576, handover: 'dashboard' },
  failover: DEFAULT_FAILOVER,
  tables: [{ id: 0, slots: 1_024 }],
  groups: [{ id: 1, nodes: ['10.0.0.5:9221'], slots: [{ table: 0, slots: [0, 1] }] }],
});

describe('the registry of clusters', () => {
  let server: TestRedis;
  let redis: Redis;
  let spaces = 0;
  let registry: ClusterRegistry;
  beforeAll(async () => {
    server = await startRedis();
    redis = openRedis(server.url, { role: 'command' });
  });
  beforeEach(() => {
    registry = new ClusterRegistry(redis, `space${(spaces += 1)}`);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('gives back what was saved, with who and when', async () => {
    const saved = await registry.save(lab(), 'operator:ann');
    expect(saved).toMatchObject({ version: 1, savedBy: 'operator:ann', definition: lab() });
    expect(Date.parse(saved.savedAt)).toBeGreaterThan(Date.now() - 60_000);
    expect(await registry.get('lab')).toEqual(saved);
  });

  it('counts versions, and none for the same definition', async () => {
    const first = await registry.save(lab(), 'operator:ann');
    expect(await registry.save(lab(), 'operator:bob')).toEqual(first);
    expect(await registry.save(lab(500), 'operator:bob')).toMatchObject({
      version: 2,
      savedBy: 'operator:bob',
    });
    expect(await registry.save(lab(), 'operator:ann')).toMatchObject({ version: 3 });
    expect((await registry.get('lab')).definition.migration.holdBudgetMs).toBe(1_000);
  });

  it('keeps every earlier version', async () => {
    for (const budget of [100, 200, 300]) await registry.save(lab(budget), 'operator:ann');
    const history = await redis.lrange(`{space${spaces}}:cluster-history:lab`, 0, -1);
    const budgets = history.map((entry) => {
      const { definition } = JSON.parse(entry) as { definition: string };
      return (JSON.parse(definition) as ClusterDefinition).migration.holdBudgetMs;
    });
    expect(budgets).toEqual([100, 200]);
  });

  it('gives each of several writers at once a version of its own', async () => {
    const budgets = [1, 2, 3, 4, 5, 6, 7, 8];
    const saved = await Promise.all(budgets.map((budget) => registry.save(lab(budget), 'operator:ann')));
    expect(saved.map(({ version }) => version).sort()).toEqual(budgets);
    expect((await registry.get('lab')).version).toBe(8);
  });

  it('lists clusters by name', async () => {
    for (const name of ['west', 'east', 'north']) await registry.save(lab(1, name), 'operator:ann');
    expect((await registry.list()).map(({ definition }) => definition.name)).toEqual([
      'east',
      'north',
      'west',
    ]);
  });

  it('says which clusters there are when one is not', async () => {
    await expect(registry.get('lab')).rejects.toMatchObject({
      code: 'cluster-not-found',
      message: expect.stringContaining('known: none'),
    });
    await registry.save(lab(), 'operator:ann');
    await expect(registry.get('lap')).rejects.toMatchObject({ message: expect.stringContaining('lab') });
  });

  it('fills in the failover of a definition stored before there was one', async () => {
    const { failover: _, ...earlier } = lab();
    const entry = {
      definition: JSON.stringify(earlier),
      version: 3,
      savedAt: 'then',
      savedBy: 'operator:ann',
    };
    await redis.hset(`{space${spaces}}:clusters`, 'lab', JSON.stringify(entry));
    const expected = { ...entry, definition: lab() };
    expect(await registry.get('lab')).toEqual(expected);
    expect(await registry.list()).toEqual([expected]);
    expect(await registry.save(lab(), 'operator:bob')).toMatchObject({ version: 4, definition: lab() });
  });

  it('keeps namespaces apart', async () => {
    await registry.save(lab(), 'operator:ann');
    expect(await new ClusterRegistry(redis, 'elsewhere').list()).toEqual([]);
  });
});

import { type WorkflowEvent } from '@slotferry/workflow';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Topology } from '../../../apps/sandbox/src/topology';
import { eventually } from '../../support/eventually';
import { freePort, startRedis, type TestRedis } from '../../support/redis';
import { ChildApp } from './child-app';

const CLUSTER = 'lab';
const startLimitMs = 60_000;
const callLimitMs = 20_000;
const moveLimitMs = 300_000;
/** Between two looks at a rebalance under way, in milliseconds. */
const lookEveryMs = 250;

/** Redis, an API and one migrator as they are installed, with a registered cluster. */
export class Installation {
  private constructor(
    private readonly redis: TestRedis,
    private readonly apps: readonly ChildApp[],
    private readonly dataDir: string,
    private readonly url: string,
    private readonly key: string,
  ) {}

  static async start(topology: Topology, handover: 'proxies' | 'dashboard'): Promise<Installation> {
    const redis = await startRedis();
    const dataDir = await mkdtemp(join(tmpdir(), 'slotferry-bench-'));
    const [apiPort, healthPort] = [await freePort(), await freePort()];
    const env = {
      SLOTFERRY_REDIS_URL: redis.url,
      SLOTFERRY_DATA_DIR: dataDir,
      SLOTFERRY_API_PORT: String(apiPort),
      SLOTFERRY_LOG_LEVEL: 'warn',
    };
    const apps = [
      ChildApp.start('api', [], env),
      ChildApp.start('migrator', [], { ...env, SLOTFERRY_HEALTH_PORT: String(healthPort) }),
    ];
    const url = `http://127.0.0.1:${apiPort}`;
    const keyFile = join(dataDir, 'admin.key');
    await eventually(
      'an API and a migrator that are ready',
      async () => {
        for (const app of apps) app.requireAlive();
        return (
          existsSync(keyFile) && (await isReady(url)) && (await isReady(`http://127.0.0.1:${healthPort}`))
        );
      },
      startLimitMs,
    );
    const key = readFileSync(keyFile, 'utf8').trim();
    const installation = new Installation(redis, apps, dataDir, url, key);
    const file = clusterFile(topology, handover);
    await installation.call('PUT', `/clusters/${CLUSTER}`, { file, fileName: 'cluster.yaml' });
    return installation;
  }

  /** Has the slots moved to group 3. Returns the id of the rebalance. */
  async beginMoving(slots: readonly number[]): Promise<string> {
    const goal = { kind: 'slots', slots: slots.join(','), to: 3 };
    const plan = await this.call<{ id: string }>('POST', `/clusters/${CLUSTER}/plans`, { goal });
    return (await this.call<{ id: string }>('POST', `/plans/${plan.id}/execute`, {})).id;
  }

  /** When it ended, in wall clock milliseconds. Looks now and then only: the looks must not be what is measured. */
  async untilCompleted(id: string): Promise<number> {
    const deadline = performance.now() + moveLimitMs;
    for (;;) {
      const { status, endedAt } = await this.call<{ status: string; endedAt: number | string | null }>(
        'GET',
        `/workflows/${id}`,
      );
      if (status === 'completed' && endedAt !== null) return new Date(endedAt).getTime();
      if (status === 'blocked' || status === 'failed' || status === 'cancelled')
        throw new Error(`${id} is ${status}; the migrator said:\n${this.apps[1]?.output}`);
      if (performance.now() > deadline) throw new Error(`within ${moveLimitMs} ms there was no end of ${id}`);
      await pause(lookEveryMs);
    }
  }

  async history(id: string): Promise<WorkflowEvent[]> {
    const { events } = await this.call<{ events: WorkflowEvent[] }>('GET', `/workflows/${id}/events`);
    return events;
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.stop()));
    await this.redis.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(callLimitMs),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/ready`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

function clusterFile({ dashboard, product, nodes }: Topology, handover: string): string {
  const [a, b, c, d, e, f] = nodes.map(({ address }) => `"${address}"`);
  return [
    `name: ${CLUSTER}`,
    `router: { kind: codis, dashboard: "http://${dashboard.address}", product: ${product} }`,
    `migration: { handover: ${handover} }`,
    'groups:',
    `  - { id: 1, nodes: [${a}, ${b}], slots: "0-511" }`,
    `  - { id: 2, nodes: [${c}, ${d}], slots: "512-1023" }`,
    `  - { id: 3, nodes: [${e}, ${f}] }`,
    '',
  ].join('\n');
}

import { type ClusterDefinition, DEFAULT_FAILOVER } from '@slotferry/cluster';
import { RedisFailoverMemory } from '@slotferry/failover';
import { ClusterRegistry } from '@slotferry/inventory';
import { openRedis } from '@slotferry/platform';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Topology } from '../../../apps/sandbox/src/topology';
import { startRedis } from '../../support/redis';

const sandboxMain = join(__dirname, '../../../dist/apps/sandbox/main.js');
const namespace = 'slotferry';
const name = 'bench';

/** A registered cluster in a process of its own, groups of a master and a replica, and the Redis it is registered in. */
export interface RunningCluster {
  readonly nodes: number;
  readonly downAfterMs: number;
  readonly redisUrl: string;
  /** Commands that all its nodes have answered so far. */
  commands(): Promise<number>;
  /** How many nodes each worker has voted on, and how many of them answered. */
  votes(): Promise<{ readonly nodes: number; readonly answering: number }[]>;
  stop(): Promise<void>;
}

export async function startCluster(nodes: number): Promise<RunningCluster> {
  const redis = await startRedis();
  const groups = Math.floor(nodes / 2);
  const sandbox = spawn(
    process.execPath,
    [sandboxMain, '--nodes', String(nodes), '--groups', String(groups), '--speed', 'zero', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  process.once('exit', () => sandbox.kill('SIGKILL'));
  const [line] = (await once(createInterface(sandbox.stdout), 'line')) as [string];
  const topology = JSON.parse(line) as Topology;
  const client = openRedis(redis.url, { role: 'command' });
  const definition = definitionOf(topology, groups);
  await new ClusterRegistry(client, namespace).save(definition, 'operator:bench');
  const memory = new RedisFailoverMemory(client, namespace);
  return {
    nodes,
    downAfterMs: definition.failover.downAfterMs,
    redisUrl: redis.url,
    async commands() {
      const response = await fetch(`http://${topology.control}/stats`);
      const stats = (await response.json()) as Record<string, { readonly commands: number }>;
      return Object.values(stats).reduce((sum, { commands }) => sum + commands, 0);
    },
    async votes() {
      return (await memory.votes(name, 5_000)).votes.map(({ nodes: voted }) => {
        const answering = voted.filter(({ condition }) => condition === 'answering');
        return { nodes: voted.length, answering: answering.length };
      });
    },
    async stop() {
      client.disconnect();
      sandbox.kill('SIGKILL');
      await redis.stop();
    },
  };
}

function definitionOf({ dashboard, product, nodes }: Topology, groups: number): ClusterDefinition {
  const addresses = nodes.map(({ address }) => address);
  return {
    name,
    router: {
      kind: 'codis',
      dashboard: `http://${dashboard.address}`,
      product,
      productAuth: null,
      proxies: [],
    },
    pika: { auth: null },
    migration: { holdBudgetMs: 1_000, maxStallMs: 100, lagThresholdBytes: 1_048_576, handover: 'auto' },
    failover: DEFAULT_FAILOVER,
    tables: [{ id: 0, slots: 1_024 }],
    groups: Array.from({ length: groups }, (_, index) => ({
      id: index + 1,
      nodes: [addresses[2 * index] ?? '', addresses[2 * index + 1] ?? ''],
      slots: [],
    })),
  };
}

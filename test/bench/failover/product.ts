import {
  type ClusterDefinition,
  DEFAULT_FAILOVER,
  type GroupDefinition,
  slotOfKey,
} from '@slotferry/cluster';
import { ClusterConnections, ClusterRegistry } from '@slotferry/inventory';
import { type SlotInfo } from '@slotferry/pika';
import { openRedis, Redactor } from '@slotferry/platform';
import { EventLog, Keys, WorkflowEngine, type WorkflowState } from '@slotferry/workflow';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Topology } from '../../../apps/sandbox/src/topology';
import { eventually } from '../../support/eventually';
import { freePort, startRedis, type TestRedis } from '../../support/redis';
import { Child } from './children';
import { Writer } from './writer';

const namespace = 'slotferry';
const cluster = 'bench';
const group = 1;
const settleLimitMs = 60_000;
const workers = 3;
const dist = join(__dirname, '../../../dist/apps');
/** Writes that only one of the two replicas gets. */
const behindMs = 300;

/** What one kill led to. */
export interface Takeover {
  /** From the kill to the first acknowledged write, in milliseconds. */
  readonly firstWriteMs: number;
  /** The replica that was held back did not become master. */
  readonly choseTheBetter: boolean;
  readonly state: WorkflowState;
}

/** The product as its users run it: three failover workers beside a cluster of two groups with two replicas each, in the sandbox. */
export class Product {
  private readonly children: Child[] = [];
  private readonly writer: Writer;
  private topology: Topology;
  private killed = '';
  private behind = '';

  private constructor(
    private readonly redis: TestRedis,
    topology: Topology,
    private readonly definition: ClusterDefinition,
    private readonly connections: ClusterConnections,
    private readonly engine: WorkflowEngine,
    private readonly close: () => Promise<void>,
  ) {
    this.topology = topology;
    const proxies = topology.proxies.map(({ client }) => client);
    this.writer = new Writer(() => proxies, keyOfSlot(0));
  }

  static async start(downAfterMs: number): Promise<Product> {
    const redis = await startRedis();
    const args = ['--nodes', '6', '--groups', '2', '--replicas', '2', '--slots', '64', '--json'];
    const sandbox = Child.start('the sandbox', process.execPath, [join(dist, 'sandbox/main.js'), ...args]);
    const topology = await eventually('the sandbox', () => topologyIn(sandbox.output), settleLimitMs);
    const definition = definitionOf(topology, downAfterMs);
    const client = openRedis(redis.url, { role: 'command' });
    await new ClusterRegistry(client, namespace).save(definition, 'operator:bench');
    const connections = new ClusterConnections(new Redactor());
    const engine = new WorkflowEngine(new EventLog(client, new Keys(namespace)));
    const product = new Product(redis, topology, definition, connections, engine, async () => {
      client.disconnect();
      await connections.close();
      await sandbox.kill();
      await redis.stop();
    });
    for (const { id } of definition.groups) await connections.open(definition).router.resyncGroup(id);
    for (let number = 1; number <= workers; number += 1) await product.hire(`failover-${number}`);
    product.writer.start(2);
    await eventually('a first write', () => product.writer.firstAfter(0) !== null, settleLimitMs);
    await product.settled();
    // As long as the workers need to have looked at everything.
    await pause(3 * downAfterMs);
    return product;
  }

  /** Holds one replica back, kills the master, and measures until clients write again. */
  async kill(limitMs: number): Promise<Takeover> {
    const earlier = (await this.failovers()).length;
    const [master = '', ...replicas] = await this.servers();
    this.killed = this.nameOf(master);
    // The first one of the list, which naive tools would take.
    this.behind = this.nameOf(replicas[0] ?? '');
    await this.control('POST', '/links', { from: this.killed, to: this.behind, action: 'cut' });
    await pause(behindMs);
    this.writer.forget();
    const since = performance.now();
    await this.control('POST', `/nodes/${this.killed}/crash`);
    const dead = performance.now();
    const first = await eventually(
      'a write after the kill',
      () => this.writer.firstAfter(dead) ?? false,
      limitMs,
    );
    const state = await eventually('the failover in the log', () => this.failoverAfter(earlier), limitMs);
    const [winner = ''] = await this.servers();
    return { firstWriteMs: first - since, choseTheBetter: this.nameOf(winner) !== this.behind, state };
  }

  /** The killed master comes back; resolves when it and the other replica follow the new one. */
  async restore(): Promise<void> {
    await this.control('POST', '/links', { from: this.killed, to: this.behind, action: 'restore' });
    await this.control('POST', `/nodes/${this.killed}/restart`);
    await this.settled();
  }

  /** Failovers that were ever begun. */
  async failovers(): Promise<string[]> {
    return (await this.engine.list({ scope: cluster, workflow: 'failover', limit: 1_000 })).map(
      ({ id }) => id,
    );
  }

  async stop(): Promise<void> {
    await this.writer.stop();
    await Promise.all(this.children.map((child) => child.kill()));
    await this.close();
  }

  private async hire(name: string): Promise<void> {
    const healthPort = await freePort();
    const env = {
      SLOTFERRY_REDIS_URL: this.redis.url,
      SLOTFERRY_WORKER_NAME: name,
      SLOTFERRY_HEALTH_PORT: String(healthPort),
      SLOTFERRY_LOG_LEVEL: 'warn',
    };
    const main = join(dist, 'failover/main.js');
    const child = Child.start(name, process.execPath, ['--enable-source-maps', main], env);
    this.children.push(child);
    const ready = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${healthPort}/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(`${name} taking work`, ready, settleLimitMs).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${child.output}`, { cause: error });
    });
  }

  private async failoverAfter(earlier: number): Promise<WorkflowState | null> {
    const [latest, ...others] = await this.failovers();
    if (latest === undefined || others.length < earlier) return null;
    const state = await this.engine.get(latest);
    return state.status === 'completed' ? state : null;
  }

  /** Both replicas of the group follow its master for all its slots, and lack nothing. */
  private async settled(): Promise<void> {
    await eventually('both replicas following', () => this.whole(), settleLimitMs);
  }

  private async whole(): Promise<boolean> {
    const { router } = this.connections.open(this.definition);
    const [master = '', ...replicas] = await this.servers();
    if (replicas.length !== 2) return false;
    const owned = (await router.view()).routes
      .filter((route) => route.group === group)
      .map(({ slot }) => slot);
    const seen = await this.connections.open(this.definition).node(master).slots(owned);
    const complete = (info: SlotInfo): boolean =>
      replicas.every((replica) =>
        info.slaves.some(({ address, lag }) => address === replica && lag !== null && lag < 10_000),
      );
    return seen.size === owned.length && [...seen.values()].every(complete);
  }

  private async servers(): Promise<readonly string[]> {
    const { groups } = await this.connections.open(this.definition).router.view();
    return groups.find(({ id }) => id === group)?.servers ?? [];
  }

  private nameOf(address: string): string {
    const found = this.topology.nodes.find((node) => node.address === address);
    if (!found) throw new Error(`there is no node ${address}`);
    return found.name;
  }

  private async control(method: string, path: string, body: object = {}): Promise<void> {
    const answer = await fetch(`http://${this.topology.control}${path}`, {
      method,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  }
}

function topologyIn(output: string): Topology | null {
  const line = output.split('\n').find((one) => one.startsWith('{'));
  return line !== undefined && output.includes('\n') ? (JSON.parse(line) as Topology) : null;
}

function definitionOf(
  { dashboard, product, proxies, nodes }: Topology,
  downAfterMs: number,
): ClusterDefinition {
  const addresses = nodes.map(({ address }) => address);
  const groupOf = (id: number): GroupDefinition => ({
    id,
    nodes: addresses.slice((id - 1) * 3, id * 3) as [string, ...string[]],
    slots: [{ table: 0, slots: Array.from({ length: 32 }, (_, slot) => (id - 1) * 32 + slot) }],
  });
  return {
    name: cluster,
    router: {
      kind: 'codis',
      dashboard: `http://${dashboard.address}`,
      product,
      productAuth: null,
      proxies: proxies.map(({ admin }) => admin),
    },
    pika: { auth: null },
    migration: { holdBudgetMs: 1_000, maxStallMs: 100, lagThresholdBytes: 1_048_576, handover: 'auto' },
    // Kills follow one another here: no pause after a failover.
    failover: { ...DEFAULT_FAILOVER, downAfterMs, quorum: 2, blockMs: 0 },
    tables: [{ id: 0, slots: 1_024 }],
    groups: [groupOf(1), groupOf(2)],
  };
}

function keyOfSlot(slot: number): string {
  for (let number = 0; ; number += 1) if (slotOfKey(`k${number}`, 1_024) === slot) return `k${number}`;
}

import { type FailoverSettings } from '@slotferry/cluster';
import { type HistoryEntry, RedisFailoverMemory } from '@slotferry/failover';
import { ClusterConnections, ClusterRegistry } from '@slotferry/inventory';
import { openRedis, Redactor } from '@slotferry/platform';
import { LogUnavailable, type WorkflowState, type WorkflowSummary } from '@slotferry/workflow';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxOptions } from '../../apps/sandbox/src/options';
import { type PikaNode } from '../../apps/sandbox/src/pika';
import { startSandbox } from '../../apps/sandbox/src/sandbox';
import { eventually } from './eventually';
import { definitionOf } from './failover-definition';
import { FailoverLoad, type LoadOptions } from './failover-load';
import { FailoverProcess } from './failover-process';
import { lagging, unsettled } from './failover-settled';
import { Lab } from './lab';
import { startRedis } from './redis';

const namespace = 'slotferry';
const patienceMs = 20_000;
/** A dashboard that rests for moments where a real one rests for seconds. */
const swiftDashboard = { idleMs: 100, afterErrorMs: 300, sampleMs: 200 };

export interface FailoverLabOptions {
  /** Default 2. */
  readonly groups?: number;
  /** Replicas of each group, default 2. */
  readonly replicas?: number;
  /** Over all groups, default 32. */
  readonly slots?: number;
  /** Failover workers, default 3. */
  readonly workers?: number;
  /** Down after 1 s by a quorum of 2, without a pause afterwards, where nothing else is said. */
  readonly failover?: Partial<FailoverSettings>;
  readonly sandbox?: SandboxOptions;
}

/**
 * The product as it is run: a cluster in the sandbox, registered, and failover workers as processes beside it, the first one at 127.0.0.11, the
 * second at 127.0.0.12 and so on. With two replicas `pika1`, `pika2`, `pika3` are group 1, `pika1` the master at the beginning.
 */
export class FailoverLab {
  readonly memory: RedisFailoverMemory;
  readonly workers: FailoverProcess[] = [];
  private readonly loads: FailoverLoad[] = [];
  private hired = 0;

  private constructor(
    readonly lab: Lab,
    private readonly dataDir: string,
  ) {
    this.memory = new RedisFailoverMemory(lab.client, namespace);
  }

  static async start(options: FailoverLabOptions = {}): Promise<FailoverLab> {
    const { groups = 2, replicas = 2, slots = 32, workers = 3 } = options;
    const nodes = groups * (replicas + 1);
    const cost = { speed: 'zero', peerTimeoutMs: 1_500, dashboardTimings: swiftDashboard } as const;
    const [redis, sandbox, dataDir] = await Promise.all([
      startRedis(),
      startSandbox({ nodes, groups, replicas, slots, ...cost, ...options.sandbox }),
      mkdtemp(join(tmpdir(), 'slotferry-failover-')),
    ]);
    const definition = definitionOf(sandbox, options.failover ?? {});
    const connections = new ClusterConnections(new Redactor());
    const client = openRedis(redis.url, { role: 'command' });
    await new ClusterRegistry(client, namespace).save(definition, 'operator:test');
    for (const { id } of definition.groups) await connections.open(definition).router.resyncGroup(id);
    const lab = new FailoverLab(new Lab(redis, sandbox, definition, connections, client), dataDir);
    await Promise.all(Array.from({ length: workers }, () => lab.hire()));
    return lab;
  }

  async stop(): Promise<void> {
    await Promise.all(this.loads.map((load) => load.rest()));
    await Promise.all(this.workers.map((worker) => worker.kill()));
    await this.lab.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Starts one more worker, at an address of its own. */
  async hire(settings: Readonly<Record<string, string>> = {}): Promise<FailoverProcess> {
    const number = (this.hired += 1);
    const post = {
      name: `f${number}`,
      redisUrl: this.lab.redis.url,
      sourceAddress: `127.0.0.${10 + number}`,
      dataDir: this.dataDir,
    };
    const worker = await FailoverProcess.start(post, settings);
    this.workers.push(worker);
    this.workers.sort((a, b) => (a.post.name < b.post.name ? -1 : 1));
    return worker;
  }

  /** Clients begin to write to these slots; what a failed test leaves is ended by `recover`. */
  async write(slots: readonly number[], options: Partial<LoadOptions> = {}): Promise<FailoverLoad> {
    const load = await FailoverLoad.start(slots, { proxies: this.lab.proxies, ...options });
    this.loads.push(load);
    return load;
  }

  node(name: string): PikaNode {
    return this.lab.node(name);
  }

  address(name: string): string {
    return this.node(name).address;
  }

  nameOf(address: string): string {
    const found = [...this.lab.sandbox.nodes.values()].find((node) => node.address === address);
    if (!found) throw new Error(`there is no node ${address}`);
    return found.name;
  }

  /** Names of the servers of a group as the router has them, the master first. */
  async servers(group: number): Promise<string[]> {
    const { groups } = await this.lab.connections.open(this.lab.definition).router.view();
    return (groups.find(({ id }) => id === group)?.servers ?? []).map((address) => this.nameOf(address));
  }

  /** Slots of a group, also while nobody answers. */
  slotsOf(group: number): readonly number[] {
    return this.lab.definition.groups.find(({ id }) => id === group)?.slots[0]?.slots ?? [];
  }

  /** Cuts the network between workers and a node, for the workers alone. */
  blind(name: string, workers: readonly FailoverProcess[]): void {
    for (const { post } of workers) this.node(name).sever(post.sourceAddress);
  }

  /** Ends every fault, and resolves when all is well: nodes, replicas, votes, and nothing under way. */
  async recover(): Promise<void> {
    await Promise.all(this.loads.splice(0).map((load) => load.rest()));
    const { nodes, proxies, dashboard, network } = this.lab.sandbox;
    for (const node of nodes.values()) {
      node.tap = undefined;
      node.holdsReplication = false;
      for (const { post } of this.workers) node.restore(post.sourceAddress);
      for (const other of nodes.values()) network.link(node.address, other.address).restore();
      if (node.condition === 'down') await node.restart();
      node.thaw();
    }
    for (const one of [dashboard, ...proxies.values()]) {
      if (one.condition !== 'running') await one.apply(one.condition === 'down' ? 'restart' : 'thaw');
    }
    for (const worker of this.workers.filter(({ alive }) => alive)) worker.thaw();
    await this.settled();
  }

  /** Resolves when every replica has all that its master has, every worker sees every node, and nothing is under way. */
  async settled(limitMs = 30_000): Promise<void> {
    let missing = 'a look';
    const isSettled = async (): Promise<boolean> => {
      missing = (await unsettled(this)) ?? '';
      return missing === '';
    };
    await eventually('a settled cluster', isSettled, limitMs).catch((error: unknown) =>
      this.explain(`${String(error)}: ${missing}`, error),
    );
  }

  /** The failovers of a group, newest first. */
  async failovers(group: number): Promise<WorkflowSummary[]> {
    const all = await this.lab.engine.list({ scope: 'lab', workflow: 'failover', limit: 1_000 });
    return all.filter(({ input }) => input['group'] === group);
  }

  /** Resolves when a failover of the group has been completed that is none of `earlier`. */
  async replaced(group: number, earlier: readonly WorkflowSummary[] = []): Promise<WorkflowState> {
    const known = new Set(earlier.map(({ id }) => id));
    const look = async (): Promise<WorkflowState | false> => {
      for (const { id, status } of await this.failovers(group)) {
        if (!known.has(id) && status === 'completed') {
          const state = await this.lab.engine.get(id);
          if (!('ended' in state.facts)) return state;
        }
      }
      return false;
    };
    return this.explained(`a failover of group ${group}`, look);
  }

  /** Resolves when a failover of the group waits for this. */
  async waits(group: number, code: string): Promise<void> {
    await this.explained(`a failover of group ${group} that waits: ${code}`, async () =>
      (await this.failovers(group)).some(({ waiting }) => waiting?.code === code),
    );
  }

  /** Entries of the history that are not older than `since`, wall clock milliseconds; newest first. */
  async history(since: number, group?: number): Promise<HistoryEntry[]> {
    const all = await this.memory.history('lab', { group, limit: 200 });
    return all.filter(({ at }) => at >= since);
  }

  /** Resolves when the history has an entry like this one. */
  async told(since: number, wanted: Partial<HistoryEntry>): Promise<HistoryEntry> {
    const fits = (entry: HistoryEntry): boolean =>
      Object.entries(wanted).every(([key, value]) => entry[key as keyof HistoryEntry] === value);
    return this.explained(`an entry like ${JSON.stringify(wanted)}`, async () =>
      (await this.history(since)).find(fits),
    );
  }

  /** Writes of the load that these nodes have, as ids. */
  held(names: readonly string[], load: FailoverLoad): Set<string> {
    const now = Date.now();
    const ids = names.flatMap((name) =>
      load.places.flatMap(({ slot, key }) => {
        const fields = this.node(name).findSlot({ table: 0, slot })?.data.hashes.get(key, now);
        return [...(fields?.keys() ?? [])].map((field) => `${key} ${field}`);
      }),
    );
    return new Set(ids);
  }

  /** Resolves when the copies of the slots of a group on these nodes are level with the master's. */
  async level(group: number, names: readonly string[]): Promise<void> {
    const [master = ''] = await this.servers(group);
    const slots = await this.owned(group);
    await eventually(
      `${names.join(', ')} level with ${master}`,
      () => names.every((name) => lagging(this, master, name, slots) === null),
      patienceMs,
    );
  }

  /** Slots of which the router sends the clients to the group. */
  async owned(group: number): Promise<number[]> {
    const { routes } = await this.lab.connections.open(this.lab.definition).router.view();
    return routes.filter((route) => route.group === group).map(({ slot }) => slot);
  }

  /** The log of all failovers of a group, for the message of a failed test. */
  async story(group: number): Promise<string> {
    const found = await this.failovers(group);
    const stories = await Promise.all(found.slice(0, 3).map(({ id }) => this.lab.story(id)));
    return stories.join('\n\n');
  }

  private async explained<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
    // A test may have killed Redis at this very moment.
    const tolerant = (): Promise<T | null | undefined | false> =>
      look().catch((error: unknown) => {
        if (error instanceof LogUnavailable) return false;
        throw error;
      });
    return eventually(what, tolerant, patienceMs).catch((error: unknown) =>
      this.explain(String(error), error),
    );
  }

  /** Throws with what the product has told and logged lately. */
  private async explain(what: string, cause: unknown): Promise<never> {
    const entries = await this.memory.history('lab', { limit: 40 });
    const told = entries.map(
      ({ at, group, kind, code, message }) => `${at} ${group} ${kind} ${code}: ${message}`,
    );
    const logs = this.workers.map(({ post, log }) => `${post.name}: ${log.slice(-2_000)}`);
    throw new Error([what, ...told, ...logs].join('\n'), { cause });
  }
}

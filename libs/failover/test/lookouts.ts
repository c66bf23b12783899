import { type FailoverSettings, type WorkerVote } from '@slotferry/cluster';
import { ClusterConnections, ClusterRegistry } from '@slotferry/inventory';
import { openRedis, Redactor, silentLogger } from '@slotferry/platform';
import { EventLog, Keys, WorkflowEngine, type WorkflowSummary } from '@slotferry/workflow';
import { eventually } from '../../../test/support/eventually';
import { type Lab, type LabOptions, startLab } from '../../../test/support/lab';
import { RedisFailoverMemory } from '../src/store/redis-failover-memory';
import type { HistoryEntry } from '../src/store/types';
import { VoteWakes } from '../src/store/vote-wakes';
import { Watcher } from '../src/watch/watcher';

const namespace = 'slotferry';
const patienceMs = 10_000;

/** A cluster in the sandbox with some watchers, each with connections of its own, and nobody who runs the workflows they start. */
export class Lookouts {
  readonly memory: RedisFailoverMemory;
  private readonly ends: (() => Promise<void>)[] = [];

  private constructor(readonly lab: Lab) {
    this.memory = new RedisFailoverMemory(lab.client, namespace);
  }

  /** One watcher for each name; each connects from the address that follows its name, if any: `{ w1: '127.0.0.11' }`. */
  static async start(
    watchers: Readonly<Record<string, string | null>>,
    settings: Partial<FailoverSettings>,
    options: LabOptions = {},
  ): Promise<Lookouts> {
    const lookouts = new Lookouts(await startLab({ slotsPerGroup: 8, ...options }));
    await lookouts.redefine(settings);
    for (const [name, address] of Object.entries(watchers)) lookouts.hire(name, address);
    const voting = async (): Promise<boolean> => {
      const votes = await lookouts.votes();
      return votes.length === Object.keys(watchers).length && votes.every(({ nodes }) => nodes.length === 6);
    };
    await eventually('votes of all watchers on all nodes', voting, patienceMs);
    return lookouts;
  }

  async redefine(settings: Partial<FailoverSettings>): Promise<void> {
    const { definition, client } = this.lab;
    const changed = { ...definition, failover: { ...definition.failover, ...settings } };
    await new ClusterRegistry(client, namespace).save(changed, 'operator:test');
  }

  async stop(): Promise<void> {
    for (const end of this.ends) await end();
    await this.lab.stop();
  }

  async votes(): Promise<WorkerVote[]> {
    return (await this.memory.votes('lab', 3_000)).votes;
  }

  /** How a worker finds a node of the sandbox. */
  async condition(worker: string, name: string): Promise<string | undefined> {
    const vote = (await this.votes()).find((one) => one.worker === worker);
    return vote?.nodes.find(({ node }) => node === this.lab.node(name).address)?.condition;
  }

  untilFound(worker: string, name: string, condition: string): Promise<true> {
    return eventually(
      `${worker} to find ${name} ${condition}`,
      async () => (await this.condition(worker, name)) === condition,
      patienceMs,
    );
  }

  /** Resolves when it is remembered that the slots of a node follow somebody. */
  followed(name: string): Promise<true> {
    const { address } = this.lab.node(name);
    return eventually(
      `a memory of whom ${name} follows`,
      async () => ((await this.memory.followed('lab', [address])).get(address) ?? []).length > 0,
      patienceMs,
    );
  }

  failovers(): Promise<WorkflowSummary[]> {
    return this.lab.engine.list({ workflow: 'failover', limit: 100 });
  }

  /** Resolves when the history has an entry like this one. */
  told(wanted: Partial<HistoryEntry>): Promise<HistoryEntry> {
    const fits = (entry: HistoryEntry): boolean =>
      Object.entries(wanted).every(([key, value]) => entry[key as keyof HistoryEntry] === value);
    return eventually(
      `an entry like ${JSON.stringify(wanted)}`,
      async () => (await this.memory.history('lab', { limit: 100 })).find(fits),
      patienceMs,
    );
  }

  private hire(worker: string, sourceAddress: string | null): void {
    const redis = openRedis(this.lab.redis.url, { role: 'command' });
    const wakeRedis = openRedis(this.lab.redis.url, { role: 'blocking' });
    const connections = new ClusterConnections(new Redactor(), { sourceAddress });
    const watcher = new Watcher({
      worker,
      registry: new ClusterRegistry(redis, namespace),
      connections,
      memory: new RedisFailoverMemory(redis, namespace),
      wakes: new VoteWakes(wakeRedis, namespace),
      engine: new WorkflowEngine(new EventLog(redis, new Keys(namespace))),
      logger: silentLogger,
    });
    watcher.start();
    this.ends.push(async () => {
      await watcher.stop();
      await connections.close();
      redis.disconnect();
      wakeRedis.disconnect();
    });
  }
}

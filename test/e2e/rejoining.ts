import { formatSlots } from '@slotferry/cluster';
import {
  ClusterNotifier,
  failoverPhases,
  type FindingCode,
  RedisFailoverMemory,
  rejoinDefinition,
  VoteWakes,
  Watcher,
} from '@slotferry/failover';
import { ClusterConnections, ClusterRegistry, ClusterSource } from '@slotferry/inventory';
import { openRedis, Redactor, silentLogger } from '@slotferry/platform';
import { PhaseRegistry, WorkflowRuntime } from '@slotferry/workflow';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Scene } from './scene';

const namespace = 'slotferry';

/** A scene with a worker for rejoins. Group 1: `pika1` is the master, `pika2` its replica. */
export class RejoinStage {
  private constructor(
    readonly scene: Scene,
    readonly memory: RedisFailoverMemory,
    private readonly dataDir: string,
    private readonly startWatch: () => () => Promise<void>,
    private readonly close: () => Promise<void>,
  ) {}

  static async start(slotsPerGroup = 8): Promise<RejoinStage> {
    const scene = await Scene.start({ slotsPerGroup });
    const dataDir = await mkdtemp(join(tmpdir(), 'slotferry-rejoin-'));
    const redis = openRedis(scene.lab.redis.url, { role: 'command' });
    const redactor = new Redactor();
    const connections = new ClusterConnections(redactor);
    const clusters = new ClusterSource(new ClusterRegistry(redis, namespace), connections);
    const memory = new RedisFailoverMemory(redis, namespace);
    const phases = failoverPhases({
      clusters,
      memory,
      engine: scene.lab.engine,
      notifier: new ClusterNotifier(clusters),
      dataDir,
    });
    const worker = new WorkflowRuntime({
      redisUrl: scene.lab.redis.url,
      namespace,
      registry: new PhaseRegistry(
        [rejoinDefinition],
        phases.filter(({ workflow }) => workflow === rejoinDefinition.name),
      ),
      worker: 'f1',
      logger: silentLogger,
      concurrency: 5,
      leaseMs: 3_000,
      watchdogIntervalMs: 100,
      reconcileIntervalMs: 1_000,
      lockDurationMs: 10_000,
      redact: (value) => redactor.json(value),
    });
    worker.start();
    const startWatch = (): (() => Promise<void>) => {
      const { engine } = scene.lab;
      const wakeRedis = openRedis(scene.lab.redis.url, { role: 'blocking' });
      const registry = new ClusterRegistry(redis, namespace);
      const wakes = new VoteWakes(wakeRedis, namespace);
      const parts = { worker: 'f1', registry, connections, memory, wakes, engine, logger: silentLogger };
      const watcher = new Watcher(parts);
      watcher.start();
      return async () => {
        await watcher.stop();
        wakeRedis.disconnect();
      };
    };
    return new RejoinStage(scene, memory, dataDir, startWatch, async () => {
      await worker.stop();
      await worker.close();
      await connections.close();
      redis.disconnect();
      await scene.stop();
      await rm(dataDir, { recursive: true });
    });
  }

  stop(): Promise<void> {
    return this.close();
  }

  /** Lets a worker look after the cluster by itself until `work` is done. */
  async watched<T>(work: () => Promise<T>): Promise<T> {
    const stop = this.startWatch();
    try {
      return await work();
    } finally {
      await stop();
    }
  }

  /** Resolves with the rejoin that somebody has started. */
  async started(since: readonly string[] = []): Promise<string> {
    let id: string | undefined;
    await this.scene.eventually('a rejoin', async () => {
      const rejoins = await this.scene.lab.engine.list({ workflow: rejoinDefinition.name, limit: 10 });
      id = rejoins.find((one) => !since.includes(one.id))?.id;
      return id !== undefined;
    });
    return id ?? '';
  }

  /** All slots of group 1. */
  get slots(): number[] {
    return Array.from({ length: this.scene.lab.lastSlot + 1 }, (_, slot) => slot);
  }

  /** Starts a rejoin of a node of group 1. */
  async rejoin(name: string, finding: FindingCode, suspects: readonly number[] = []): Promise<string> {
    const node = this.scene.address(name);
    const input = { cluster: 'lab', group: 1, node, finding };
    const named = suspects.length > 0 ? { ...input, suspects: `0:${formatSlots(suspects)}` } : input;
    return (await this.scene.lab.engine.start(rejoinDefinition, named, { actor: 'operator:test' })).id;
  }

  /** What a failover does to group 1 when `pika1` is dead: `pika2` takes over, and where it stood is recorded. */
  async replaceMaster(): Promise<void> {
    const [old, replica] = [this.scene.address('pika1'), this.scene.pika('pika2')];
    await replica.detach(this.slots);
    const infos = await replica.slots(this.slots);
    await this.scene.router.promote(1, replica.address);
    await this.memory.recordPromotion('lab', 1, {
      workflow: 'fo-lab-1-1',
      at: Date.now(),
      oldMaster: old,
      newMaster: replica.address,
      positions: new Map([[0, new Map([...infos].map(([slot, { position }]) => [slot, position]))]]),
    });
  }

  /** Resolves when the replica holds what its master wrote. */
  async level(follower: string, master: string): Promise<void> {
    await this.scene.eventually(`${follower} level with ${master}`, async () =>
      this.slots.every(
        (slot) =>
          JSON.stringify(this.scene.copy(follower, slot)) === JSON.stringify(this.scene.copy(master, slot)),
      ),
    );
  }

  /** Checks slot by slot that the node follows and holds the same. */
  async expectFollowing(follower: string, master: string): Promise<void> {
    await this.level(follower, master);
    const infos = await this.scene.pika(follower).slots(this.slots);
    expect([...infos.values()].map(({ slot, following }) => ({ slot, ...following }))).toEqual(
      this.slots.map((slot) => ({ slot, master: this.scene.address(master), status: 'kConnected' })),
    );
    for (const slot of this.slots) {
      expect({ slot, copy: this.scene.copy(follower, slot) }).toEqual({
        slot,
        copy: this.scene.copy(master, slot),
      });
    }
  }

  /** Every line of every file that was written, by the name of the file. */
  async exported(): Promise<Record<string, unknown[]>> {
    const folder = join(this.dataDir, 'discarded', 'lab');
    const names = await readdir(folder).catch(() => [] as string[]);
    const files = await Promise.all(
      names.sort().map(async (name) => {
        const lines = (await readFile(join(folder, name), 'utf8')).trim().split('\n');
        return [name, lines.map((line): unknown => JSON.parse(line))] as const;
      }),
    );
    return Object.fromEntries(files);
  }
}

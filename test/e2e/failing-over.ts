import { type ClusterDefinition, DEFAULT_FAILOVER, type Router, slotOfKey } from '@slotferry/cluster';
import {
  ClusterNotifier,
  failoverDefinition,
  failoverPhases,
  RedisFailoverMemory,
  rejoinDefinition,
} from '@slotferry/failover';
import { ClusterConnections, ClusterRegistry, ClusterSource } from '@slotferry/inventory';
import { type PikaNode } from '@slotferry/pika';
import { openRedis, Redactor, silentLogger } from '@slotferry/platform';
import { type Phase, PhaseRegistry, WorkflowRuntime, type WorkflowState } from '@slotferry/workflow';
import { Redis } from 'ioredis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxOptions } from '../../apps/sandbox/src/options';
import { digestOf } from '../../apps/sandbox/src/pika';
import { startSandbox } from '../../apps/sandbox/src/sandbox';
import { eventually } from '../support/eventually';
import { Lab } from '../support/lab';
import { startRedis } from '../support/redis';

const namespace = 'slotferry';
const patienceMs = 20_000;
/** A dashboard that rests for moments where a real one rests for seconds. */
export const swiftDashboard = { idleMs: 100, afterErrorMs: 300, sampleMs: 200 };

/** What a test makes of the phases of a worker. */
type PhaseChange = (phase: Phase<never>) => Phase<never>;

/** Every phase runs twice: as after a worker that died before it could say that it was through. */
export const twice: PhaseChange = (phase) => ({
  workflow: phase.workflow,
  name: phase.name,
  run: async (context) => {
    const first = await phase.run(context);
    return first.kind === 'done' ? phase.run(context) : first;
  },
});

/** Slots of group 1, all on one master. */
export const slotCount = 16;
export const allSlots = Array.from({ length: slotCount }, (_, slot) => slot);

/**
 * Two groups of three nodes behind two proxies, and a worker for failovers in this process. Group 1: `pika1` is the master, `pika2` and `pika3` are its
 * replicas, in this order; where both have the same, `pika2` is preferred.
 */
export class FailoverStage {
  private constructor(
    readonly lab: Lab,
    readonly memory: RedisFailoverMemory,
    private readonly registry: ClusterRegistry,
    private readonly close: () => Promise<void>,
  ) {}

  static async start(
    failover: Partial<ClusterDefinition['failover']> = {},
    { phases = (one) => one, ...options }: SandboxOptions & { phases?: PhaseChange } = {},
  ): Promise<FailoverStage> {
    const [redis, sandbox] = await Promise.all([
      startRedis(),
      startSandbox({
        nodes: 6,
        groups: 2,
        replicas: 2,
        slots: 2 * slotCount,
        speed: 'zero',
        dashboardTimings: swiftDashboard,
        ...options,
      }),
    ]);
    const addresses = [...sandbox.nodes.values()].map(({ address }) => address);
    const nodes = { [addresses[1] ?? '']: { prefer: true, never: false, zone: null } };
    const definition: ClusterDefinition = {
      name: 'lab',
      router: {
        kind: 'codis',
        dashboard: `http://${sandbox.dashboard.process.address}`,
        product: sandbox.options.product,
        productAuth: null,
        proxies: [...sandbox.proxies.values()].map(({ process }) => process.adminAddress),
      },
      pika: { auth: null },
      migration: {
        holdBudgetMs: 1_000,
        maxStallMs: 100,
        lagThresholdBytes: 1_048_576,
        handover: 'dashboard',
      },
      failover: { ...DEFAULT_FAILOVER, nodes, ...failover },
      tables: [{ id: 0, slots: 1_024 }],
      groups: [1, 2].map((id) => ({
        id,
        nodes: addresses.slice(3 * id - 3, 3 * id) as [string, ...string[]],
        slots: [{ table: 0, slots: allSlots.map((slot) => slot + (id - 1) * slotCount) }],
      })),
    };
    const connections = new ClusterConnections(new Redactor());
    const client = openRedis(redis.url, { role: 'command' });
    const registry = new ClusterRegistry(client, namespace);
    await registry.save(definition, 'operator:test');
    for (const { id } of definition.groups) await connections.open(definition).router.resyncGroup(id);
    const lab = new Lab(redis, sandbox, definition, connections, client);
    const memory = new RedisFailoverMemory(client, namespace);
    const dataDir = await mkdtemp(join(tmpdir(), 'slotferry-failover-'));
    const worker = startWorker(lab, registry, memory, dataDir, phases);
    const stage = new FailoverStage(lab, memory, registry, async () => {
      await worker.close();
      await lab.stop();
      await rm(dataDir, { recursive: true });
    });
    await stage.warmUp();
    return stage;
  }

  stop(): Promise<void> {
    return this.close();
  }

  get router(): Router {
    return this.lab.connections.open(this.lab.definition).router;
  }

  pika(name: string): PikaNode {
    return this.lab.connections.open(this.lab.definition).node(this.address(name));
  }

  address(name: string): string {
    return this.lab.node(name).address;
  }

  /** Starts the failover of group 1, as a worker that has judged would. Returns its id. */
  async failOver(approvalNeeded = false): Promise<string> {
    const { epoch } = await this.memory.group('lab', 1);
    const input = { cluster: 'lab', group: 1, epoch, master: this.address('pika1'), approvalNeeded };
    const options = { actor: 'worker:test', commandId: `lab-1-${epoch}` };
    return (await this.lab.engine.start(failoverDefinition, input, options)).id;
  }

  /** Keeps what a watch would have seen of the nodes before the master died. */
  async watchOnce(): Promise<void> {
    const at = Date.now();
    for (const name of ['pika1', 'pika2', 'pika3']) {
      const infos = [...(await this.pika(name).slots(allSlots)).values()];
      const node = this.address(name);
      await this.memory.sawNode('lab', {
        node,
        at,
        slots: infos.map(({ table, slot, position, following }) => ({
          table,
          slot,
          position,
          following: following?.master ?? null,
          status: following?.status ?? null,
          lag: null,
        })),
      });
      if (name === 'pika1') continue;
      const slots = `0-${slotCount - 1}`;
      await this.memory.setFollowed('lab', node, [{ table: 0, slots, master: this.address('pika1'), at }]);
    }
  }

  /** Writes so many keys of the slot to a node that takes writes of it. */
  async fill(name: string, slot: number, count: number, prefix: string): Promise<void> {
    for (const key of keysOf(slot, count, prefix))
      await this.pika(name).raw(['SET', key, `${prefix} at ${name}`]);
  }

  /** Resolves when the replica has all that the master has of these slots. */
  async level(replica: string, master: string, slots: readonly number[] = allSlots): Promise<void> {
    await this.eventually(`${replica} level with ${master}`, () =>
      slots.every(
        (slot) => JSON.stringify(this.copy(replica, slot)) === JSON.stringify(this.copy(master, slot)),
      ),
    );
  }

  /** What a copy holds, to be compared with another. */
  copy(name: string, slot: number): unknown {
    const found = this.lab.node(name).findSlot({ table: 0, slot });
    return found && digestOf(found.data, Date.now());
  }

  /** What the keys that `fill` wrote hold. */
  async values(name: string, slot: number, count: number, prefix: string): Promise<unknown[]> {
    return Promise.all(keysOf(slot, count, prefix).map((key) => this.pika(name).raw(['GET', key])));
  }

  /** Registers the cluster with other settings of failovers. */
  async redefine(failover: Partial<ClusterDefinition['failover']>): Promise<void> {
    const { definition } = this.lab;
    const changed = { ...definition, failover: { ...definition.failover, ...failover } };
    await this.registry.save(changed, 'operator:test');
  }

  /** Lets master and replicas talk again; a replica that was cut off too long does not by itself. */
  restoreLinks(...replicas: string[]): void {
    for (const replica of replicas.length > 0 ? replicas : ['pika2', 'pika3']) {
      this.lab.sandbox.network.link(this.address('pika1'), this.address(replica)).restore();
    }
  }

  cut(a: string, b: string): void {
    this.lab.sandbox.network.link(this.address(a), this.address(b)).sever();
  }

  /** Resolves when a client of every proxy that runs can write to every slot of the group. */
  async untilServed(proxies: readonly string[] = this.lab.proxies): Promise<void> {
    for (const proxy of proxies) {
      const client = clientOf(proxy);
      try {
        for (const slot of allSlots) {
          await this.eventually(`a write to slot ${slot} through ${proxy}`, () =>
            client.set(keysOf(slot, 1, 'served')[0] ?? '', '1').then(
              () => true,
              () => false,
            ),
          );
        }
      } finally {
        client.disconnect();
      }
    }
  }

  /** One write to a slot of the group through a proxy, for as long as it takes. */
  async write(proxy: string, slot: number): Promise<string> {
    const client = clientOf(proxy, patienceMs);
    try {
      return await client.set(keysOf(slot, 1, 'written')[0] ?? '', '1');
    } finally {
      client.disconnect();
    }
  }

  /** True when the proxy sends all slots of the group to the node. */
  async sendsTo(admin: string, name: string): Promise<boolean> {
    const proxy = (await this.router.view()).proxies.find((one) => one.admin === admin);
    if (!proxy) return false;
    const routes = await this.router.proxyRoutes(
      proxy,
      allSlots.map((slot) => ({ table: 0, slot })),
    );
    return routes.every(({ backend }) => backend === this.address(name));
  }

  /** Milliseconds from the start of a failover to the moment when all proxies sent clients to the new master. */
  async reroutedAfter(id: string): Promise<number> {
    const events = await this.lab.engine.history(id);
    const [result] = events.flatMap((event) =>
      event.type === 'phase-completed' && event.data.phase === 'reroute' ? [event.data.result] : [],
    );
    return (result as { tookMs: number }).tookMs;
  }

  async completed(id: string): Promise<WorkflowState> {
    const state = await this.lab.until(
      id,
      `the end of ${id}`,
      ({ status }) => status === 'completed' || status === 'failed',
      patienceMs,
    );
    if (state.status === 'failed') throw new Error(await this.lab.story(id));
    return state;
  }

  blocked(id: string, code: string): Promise<WorkflowState> {
    return this.lab.until(
      id,
      `a block by ${code}`,
      (state) => state.blocked?.problem.code === code,
      patienceMs,
    );
  }

  waited(id: string, code: string): Promise<WorkflowState> {
    return this.lab.until(
      id,
      `a wait for ${code}`,
      (_state, events) => events.some((event) => event.type === 'phase-waited' && event.data.code === code),
      patienceMs,
    );
  }

  async approve(id: string, code: string): Promise<void> {
    await this.lab.engine.steer(id, { kind: 'approve', code, note: 'the test' }, { actor: 'operator:test' });
  }

  /** Actions of the commands that a workflow has sent, in order. */
  async sent(id: string): Promise<string[]> {
    const events = await this.lab.engine.history(id);
    return events.flatMap((event) => (event.type === 'command-issued' ? [event.data.action] : []));
  }

  eventually(what: string, look: () => boolean | Promise<boolean>): Promise<true> {
    return eventually(what, async () => (await look()) || false, patienceMs);
  }

  /** Checks that `name` is the master of all slots by its own word, the router's and that of every proxy the router has. */
  async expectMaster(name: string): Promise<void> {
    const node = this.address(name);
    const infos = [...(await this.pika(name).slots(allSlots)).values()];
    expect(infos.map(({ following }) => following)).toEqual(allSlots.map(() => null));
    const view = await this.router.view();
    const group = view.groups.find(({ id }) => id === 1);
    expect(group).toMatchObject({ promoting: false, outOfSync: false });
    expect(group?.servers[0]).toBe(node);
    expect(view.handovers.disabled).toBe(false);
    const refs = allSlots.map((slot) => ({ table: 0, slot }));
    for (const proxy of view.proxies) {
      const routes = await this.router.proxyRoutes(proxy, refs);
      expect(routes).toEqual(
        refs.map((ref) => ({ ...ref, backend: node, migrateFrom: null, locked: false })),
      );
    }
  }

  /** The first attempts of a process connect and compile; what is measured is a worker that has been there for a while. */
  private async warmUp(): Promise<void> {
    await this.router.view();
    await this.untilServed();
  }
}

function startWorker(
  lab: Lab,
  registry: ClusterRegistry,
  memory: RedisFailoverMemory,
  dataDir: string,
  change: PhaseChange,
): { close(): Promise<void> } {
  const redactor = new Redactor();
  const connections = new ClusterConnections(redactor);
  const clusters = new ClusterSource(registry, connections);
  const notifier = new ClusterNotifier(clusters);
  const phases = failoverPhases({ clusters, memory, engine: lab.engine, notifier, dataDir });
  const runtime = new WorkflowRuntime({
    redisUrl: lab.redis.url,
    namespace,
    registry: new PhaseRegistry(
      [failoverDefinition, rejoinDefinition],
      phases.filter(({ workflow }) => workflow === 'failover' || workflow === 'rejoin').map(change),
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
  runtime.start();
  return {
    close: async () => {
      await runtime.stop();
      await runtime.close();
      await connections.close();
    },
  };
}

function clientOf(proxy: string, limitMs = 2_000): Redis {
  const client = new Redis(`redis://${proxy}`, {
    disableClientInfo: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    commandTimeout: limitMs,
  });
  client.on('error', () => undefined);
  return client;
}

/** Keys of a slot of table 0. */
function keysOf(slot: number, count: number, prefix: string): string[] {
  for (let tag = 0; ; tag += 1) {
    if (slotOfKey(`t${tag}`, 1_024) !== slot) continue;
    return Array.from({ length: count }, (_, number) => `{t${tag}}:${prefix}${number}`);
  }
}

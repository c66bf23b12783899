import { type ClusterDefinition, type Router, slotOfKey } from '@slotferry/cluster';
import { ClusterConnections, ClusterRegistry, ClusterSource } from '@slotferry/inventory';
import { migrationDefinitions, migrationPhases } from '@slotferry/migration';
import { type PikaNode } from '@slotferry/pika';
import { openRedis, Redactor, silentLogger } from '@slotferry/platform';
import { PhaseRegistry, WorkflowRuntime, type WorkflowState } from '@slotferry/workflow';
import { Redis } from 'ioredis';
import { digestOf } from '../../apps/sandbox/src/pika';
import { startSandbox } from '../../apps/sandbox/src/sandbox';
import { eventually } from '../support/eventually';
import { Lab, type LabOptions, startLab } from '../support/lab';
import { definitionOf } from '../support/lab-definition';
import { startRedis } from '../support/redis';

const namespace = 'slotferry';

/** How long a test waits for anything, in milliseconds. */
const patienceMs = 20_000;

/** A dashboard that rests for moments where a real one rests for seconds. */
const swiftDashboard = { idleMs: 100, afterErrorMs: 300 };

/** A lab with a worker in this process, and the words in which the tests ask about a workflow. */
export class Scene {
  private constructor(
    readonly lab: Lab,
    private readonly registry: ClusterRegistry,
    private readonly close: () => Promise<void>,
  ) {}

  static async start(options: LabOptions = {}): Promise<Scene> {
    const sandbox = { peerTimeoutMs: 1_000, dashboardTimings: swiftDashboard, ...options.sandbox };
    return Scene.over(await startLab({ slotsPerGroup: 16, ...options, sandbox }));
  }

  /** Nodes without slots and a dashboard without groups, and a definition that says what they are to become. */
  static async empty(slotsPerGroup: number): Promise<Scene> {
    const [redis, sandbox] = await Promise.all([
      startRedis(),
      startSandbox({ groups: 0, speed: 'zero', peerTimeoutMs: 1_000, dashboardTimings: swiftDashboard }),
    ]);
    const definition = definitionOf(sandbox, { slotsPerGroup, holdBudgetMs: 1_000 });
    const client = openRedis(redis.url, { role: 'command' });
    await new ClusterRegistry(client, namespace).save(definition, 'operator:test');
    return Scene.over(new Lab(redis, sandbox, definition, new ClusterConnections(new Redactor()), client));
  }

  private static over(lab: Lab): Scene {
    const redis = openRedis(lab.redis.url, { role: 'command' });
    const redactor = new Redactor();
    const connections = new ClusterConnections(redactor);
    const registry = new ClusterRegistry(redis, namespace);
    const phases = migrationPhases(new ClusterSource(registry, connections));
    const worker = new WorkflowRuntime({
      redisUrl: lab.redis.url,
      namespace,
      registry: new PhaseRegistry(migrationDefinitions, phases),
      worker: 'w1',
      logger: silentLogger,
      concurrency: 20,
      leaseMs: 3_000,
      watchdogIntervalMs: 100,
      reconcileIntervalMs: 1_000,
      lockDurationMs: 10_000,
      redact: (value) => redactor.json(value),
    });
    worker.start();
    return new Scene(lab, registry, async () => {
      await worker.stop();
      await worker.close();
      await connections.close();
      redis.disconnect();
      await lab.stop();
    });
  }

  stop(): Promise<void> {
    return this.close();
  }

  /** Ends every fault, whatever a failed test left. */
  async recover(): Promise<void> {
    for (const node of this.lab.sandbox.nodes.values()) {
      node.tap = undefined;
      node.holdsReplication = false;
      if (node.condition === 'down') await node.restart();
      node.thaw();
    }
    const { dashboard, proxies } = this.lab.sandbox;
    for (const process of [dashboard, ...proxies.values()]) {
      if (process.condition !== 'running')
        await process.apply(process.condition === 'down' ? 'restart' : 'thaw');
    }
  }

  /**
   * Lets every proxy notice that a master was restarted. A proxy answers the first request over a connection that broke with an
   * error; a real one finds such a connection by itself, with its pings.
   */
  async refreshProxies(): Promise<void> {
    const { routes, groups } = await this.router.view();
    const routed = groups.map(({ id }) => routes.find(({ group }) => group === id)?.slot ?? -1);
    for (const proxy of this.lab.proxies) {
      const client = new Redis(`redis://${proxy}`, { disableClientInfo: true, enableReadyCheck: false });
      for (const slot of routed.filter((one) => one >= 0)) {
        const [key = ''] = keysOf(slot, 1, 'probe');
        const answers = () =>
          client.get(key).then(
            () => true,
            () => false,
          );
        await this.eventually(`an answer for slot ${slot} from ${proxy}`, answers);
      }
      client.disconnect();
    }
  }

  get router(): Router {
    return this.lab.connections.open(this.lab.definition).router;
  }

  /** The driver of a node of the sandbox. */
  pika(name: string): PikaNode {
    return this.lab.connections.open(this.lab.definition).node(this.address(name));
  }

  address(name: string): string {
    return this.lab.node(name).address;
  }

  /** Registers another definition of the cluster. */
  async redefine(change: (definition: ClusterDefinition) => ClusterDefinition): Promise<void> {
    await this.registry.save(change(this.lab.definition), 'operator:test');
  }

  /** Resolves when the workflow waits, or has waited after `since`, for the reason named. Returns the message it gave. */
  async waited(id: string, code: string, since = 0): Promise<string> {
    let message = '';
    await this.lab.until(
      id,
      `a wait for ${code}`,
      (_state, events) =>
        events.some((event) => {
          if (event.version <= since || event.type !== 'phase-waited' || event.data.code !== code)
            return false;
          message = event.data.message;
          return true;
        }),
      patienceMs,
    );
    return message;
  }

  /** Resolves when the workflow is blocked for the reason named. */
  blocked(id: string, code: string): Promise<WorkflowState> {
    return this.lab.until(
      id,
      `a block by ${code}`,
      (state) => state.blocked?.problem.code === code,
      patienceMs,
    );
  }

  async completed(id: string): Promise<WorkflowState> {
    const isOver = ({ status }: WorkflowState): boolean => status === 'completed' || status === 'failed';
    const state = await this.lab.until(id, `the end of ${id}`, isOver, patienceMs);
    if (state.status === 'failed') throw new Error(await this.lab.story(id));
    return state;
  }

  eventually(what: string, look: () => Promise<boolean>): Promise<true> {
    return eventually(what, async () => (await look()) || false, patienceMs);
  }

  /** Lets it look again now, instead of after the pause it asked for. */
  async hurry(id: string): Promise<void> {
    const options = { actor: 'operator:test' };
    await this.lab.engine.steer(id, { kind: 'pause', reason: 'the test' }, options);
    await this.lab.engine.steer(id, { kind: 'resume' }, options);
  }

  async approve(id: string, code: string): Promise<void> {
    await this.lab.engine.steer(id, { kind: 'approve', code, note: 'the test' }, { actor: 'operator:test' });
  }

  /** Actions of the commands that a workflow has sent, in order. */
  async sent(id: string): Promise<string[]> {
    const events = await this.lab.engine.history(id);
    return events.flatMap((event) => (event.type === 'command-issued' ? [event.data.action] : []));
  }

  /** Writes so many keys of the slot directly to a node that takes writes of it. */
  async fill(name: string, slot: number, count: number, prefix = 'k'): Promise<string[]> {
    const keys = keysOf(slot, count, prefix);
    for (const key of keys) await this.pika(name).raw(['SET', key, `${prefix} at ${name}`]);
    return keys;
  }

  holds(name: string, slot: number): boolean {
    return this.lab.node(name).findSlot({ table: 0, slot }) !== undefined;
  }

  /** What a copy holds, to be compared with another. */
  copy(name: string, slot: number): unknown {
    const found = this.lab.node(name).findSlot({ table: 0, slot });
    return found && digestOf(found.data, Date.now());
  }
}

/** Keys of a slot of table 0. */
function keysOf(slot: number, count: number, prefix: string): string[] {
  for (let tag = 0; ; tag += 1) {
    if (slotOfKey(`t${tag}`, 1_024) !== slot) continue;
    return Array.from({ length: count }, (_, number) => `{t${tag}}:${prefix}${number}`);
  }
}

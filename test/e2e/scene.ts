import { type ClusterDefinition, type Router, slotOfKey } from '@slotferry/cluster';
import { ClusterConnections, ClusterRegistry } from '@slotferry/inventory';
import { ClusterSource, migrationDefinitions, migrationPhases } from '@slotferry/migration';
import { type PikaNode } from '@slotferry/pika';
import { openRedis, Redactor, silentLogger } from '@slotferry/platform';
import { PhaseRegistry, WorkflowRuntime, type WorkflowState } from '@slotferry/workflow';
import { digestOf } from '../../apps/sandbox/src/pika';
import { eventually } from '../support/eventually';
import { type Lab, type LabOptions, startLab } from '../support/lab';

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
    const lab = await startLab({
      slotsPerGroup: 16,
      ...options,
      sandbox: { peerTimeoutMs: 1_000, dashboardTimings: swiftDashboard, ...options.sandbox },
    });
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

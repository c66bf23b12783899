import { type ClusterDefinition } from '@slotferry/cluster';
import { ClusterConnections, ClusterRegistry } from '@slotferry/inventory';
import { moveSlotDefinition } from '@slotferry/migration';
import { openRedis, Redactor } from '@slotferry/platform';
import {
  EventLog,
  Keys,
  WorkflowEngine,
  type WorkflowEvent,
  type WorkflowState,
  isEnded,
} from '@slotferry/workflow';
import { type Redis } from 'ioredis';
import { type SandboxOptions } from '../../apps/sandbox/src/options';
import { type PikaNode } from '../../apps/sandbox/src/pika';
import { type Sandbox, startSandbox } from '../../apps/sandbox/src/sandbox';
import { type Tap } from '../../apps/sandbox/src/tap';
import { eventually } from './eventually';
import { definitionOf } from './lab-definition';
import { startRedis, type TestRedis } from './redis';

export interface LabOptions {
  /** Group 1 gets the slots 0 to n - 1, group 2 as many after them; group 3 has its nodes and none. Default 32. */
  readonly slotsPerGroup?: number;
  /** Default 1,000, in milliseconds. */
  readonly holdBudgetMs?: number;
  readonly sandbox?: SandboxOptions;
  /** Who holds requests; `dashboard` when left out. */
  readonly handover?: ClusterDefinition['migration']['handover'];
}

const namespace = 'slotferry';

/** A cluster of six nodes on loopback, registered, with a Redis of its own. It runs no worker. */
export class Lab {
  readonly engine: WorkflowEngine;

  constructor(
    readonly redis: TestRedis,
    readonly sandbox: Sandbox,
    readonly definition: ClusterDefinition,
    readonly connections: ClusterConnections,
    /** For short commands of the test. */
    readonly client: Redis,
  ) {
    this.engine = new WorkflowEngine(new EventLog(client, new Keys(namespace)));
  }

  /** Addresses of the proxies for clients, `host:port`. */
  get proxies(): string[] {
    return [...this.sandbox.proxies.values()].map(({ process }) => process.clientAddress);
  }

  /** The last slot of group 1. */
  get lastSlot(): number {
    return this.definition.groups[0]?.slots[0]?.slots.at(-1) ?? 0;
  }

  node(name: string): PikaNode {
    const found = this.sandbox.nodes.get(name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  }

  /** A process of the sandbox whose commands can be tapped: `dashboard`, or the name of a proxy or a node. */
  server(name: string): { tap: Tap | undefined } {
    if (name === 'dashboard') return this.sandbox.dashboard.process;
    return this.sandbox.proxies.get(name)?.process ?? this.node(name);
  }

  /** Starts the move of a slot of group 1. Returns the workflow's id. */
  async move(slot: number, to = 3): Promise<string> {
    const input = { cluster: this.definition.name, table: 0, slot, from: 1, to };
    return (await this.engine.start(moveSlotDefinition, input, { actor: 'operator:test' })).id;
  }

  /** Waits until the workflow's log satisfies `wanted`; also while Redis is away now and then. */
  async until(
    id: string,
    what: string,
    wanted: (state: WorkflowState, events: readonly WorkflowEvent[]) => boolean,
    limitMs: number,
  ): Promise<WorkflowState> {
    const look = async (): Promise<WorkflowState | false> => {
      const state = await this.engine.get(id);
      return wanted(state, await this.engine.history(id)) && state;
    };
    try {
      return await eventually(what, () => look().catch(() => false as const), limitMs);
    } catch (error) {
      throw new Error(`${String(error)}\n${await this.story(id)}`, { cause: error });
    }
  }

  untilEnded(id: string, limitMs: number): Promise<WorkflowState> {
    return this.until(id, `the end of ${id}`, isEnded, limitMs);
  }

  /** The log of a workflow, a line an event, for the message of a failed test. */
  async story(id: string): Promise<string> {
    const events = await this.engine.history(id);
    return events
      .map(
        ({ version, at, actor, type, data }) =>
          `${version} ${at.slice(14)} ${actor} ${type} ${JSON.stringify(data)}`,
      )
      .join('\n');
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await this.connections.close();
    await this.sandbox.close();
    await this.redis.stop();
  }
}

/** Nothing takes time unless told: every fault of a test is its own. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { slotsPerGroup = 32, holdBudgetMs = 1_000, handover = 'dashboard' } = options;
  const [redis, sandbox] = await Promise.all([
    startRedis(),
    startSandbox({ slots: 2 * slotsPerGroup, speed: 'zero', peerTimeoutMs: 3_000, ...options.sandbox }),
  ]);
  const definition = definitionOf(sandbox, { slotsPerGroup, holdBudgetMs, handover });
  const connections = new ClusterConnections(new Redactor());
  const client = openRedis(redis.url, { role: 'command' });
  await new ClusterRegistry(client, namespace).save(definition, 'operator:test');
  await createEmptyGroup(connections, definition, 3);
  // Assigning slots leaves a group marked as out of step with its proxies, also in a real Codis.
  for (const { id } of definition.groups) await connections.open(definition).router.resyncGroup(id);
  return new Lab(redis, sandbox, definition, connections, client);
}

async function createEmptyGroup(
  connections: ClusterConnections,
  definition: ClusterDefinition,
  id: number,
): Promise<void> {
  const { router } = connections.open(definition);
  await router.createGroup(id);
  for (const node of definition.groups.find((group) => group.id === id)?.nodes ?? []) {
    await router.addServer(id, node);
  }
}

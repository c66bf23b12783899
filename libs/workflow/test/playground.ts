import { silentLogger } from '@slotferry/platform';
import { Redis } from 'ioredis';
import type { WorkflowDefinition } from '../src/definition';
import { WorkflowEngine } from '../src/engine';
import type { WorkflowEvent } from '../src/events';
import { done, type Outcome } from '../src/outcome';
import type { Phase, PhaseContext } from '../src/phase';
import { PhaseRegistry } from '../src/phase-registry';
import { WorkflowRuntime, type RuntimeOptions } from '../src/runtime';
import type { WorkflowSummary } from '../src/summary';
import { eventually } from './eventually';
import { toy } from './toy-workflow';

export type Run = (context: PhaseContext, world: World) => Promise<Outcome>;
export type Behaviour = { readonly [phase: string]: Run };

/** What phases change: a set, so that putting twice is putting once, and a list of everything that was sent. */
export class World {
  constructor(
    private readonly redis: Redis,
    private readonly name: string,
  ) {}

  async put(thing: string): Promise<void> {
    await this.redis.multi().rpush(`${this.name}:sent`, `put ${thing}`).sadd(this.name, thing).exec();
  }
  async take(thing: string): Promise<void> {
    await this.redis.multi().rpush(`${this.name}:sent`, `take ${thing}`).srem(this.name, thing).exec();
  }
  async things(): Promise<string[]> {
    return (await this.redis.smembers(this.name)).sort();
  }
  async sent(): Promise<string[]> {
    return this.redis.lrange(`${this.name}:sent`, 0, -1);
  }
}

/** Puts the phase's name into the world. */
export const put: Run = async (context, world) => {
  await order(context, 'put', () => world.put(context.state.phase));
  return done();
};

/** Sends one command of a phase. */
export async function order(context: PhaseContext, verb: string, send: () => Promise<void>): Promise<void> {
  await context.command({
    target: 'world',
    action: `${verb} ${context.state.phase}`,
    send: (gate) => {
      gate();
      return send();
    },
  });
}

export function phasesOf(definition: WorkflowDefinition<never>, behaviour: Behaviour, world: World): Phase[] {
  return definition.phases.map((name) => ({
    workflow: definition.name,
    name,
    run: (context) => (behaviour[name] ?? put)(context, world),
    undo: async (context) => {
      const undo = behaviour[`undo-${name}`];
      if (undo) return undo(context, world);
      await order(context, 'take', () => world.take(name));
      return done();
    },
  }));
}

let spaces = 0;

/** Workers and an engine over one namespace, and the world they change. */
export class Playground {
  readonly world: World;
  readonly redis: Redis;
  private readonly worldRedis: Redis;
  private readonly runtimes: WorkflowRuntime[] = [];
  private readonly front: WorkflowRuntime;
  readonly engine: WorkflowEngine;

  constructor(
    private readonly url: string,
    worldUrl: string,
    readonly namespace = `play-${process.pid}-${(spaces += 1)}`,
  ) {
    this.redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    this.redis.on('error', () => undefined);
    this.worldRedis = new Redis(worldUrl);
    this.world = new World(this.worldRedis, this.namespace);
    this.front = this.build({});
    this.engine = new WorkflowEngine(this.front.log);
  }

  build(
    behaviour: Behaviour,
    options: Partial<RuntimeOptions> = {},
    more: WorkflowDefinition<never>[] = [],
  ): WorkflowRuntime {
    const definitions = [toy as WorkflowDefinition<never>, ...more];
    const phases = definitions.flatMap((one) => phasesOf(one, behaviour, this.world));
    return new WorkflowRuntime({
      redisUrl: this.url,
      namespace: this.namespace,
      registry: new PhaseRegistry(definitions, phases),
      worker: `w${this.runtimes.length + 1}`,
      logger: silentLogger,
      concurrency: 5,
      leaseMs: 2_000,
      watchdogIntervalMs: 50,
      reconcileIntervalMs: 500,
      lockDurationMs: 5_000,
      redact: (value) => value,
      ...options,
    });
  }

  /** A running worker. */
  worker(
    behaviour: Behaviour = {},
    options: Partial<RuntimeOptions> = {},
    more: WorkflowDefinition<never>[] = [],
  ): WorkflowRuntime {
    const runtime = this.build(behaviour, options, more);
    this.runtimes.push(runtime);
    runtime.start();
    return runtime;
  }

  async start(name = 'ball'): Promise<string> {
    return (await this.engine.start(toy, { name }, { actor: 'operator:ann' })).id;
  }

  /** The summary as soon as it fits. */
  until(id: string, what: string, fits: (one: WorkflowSummary) => boolean): Promise<WorkflowSummary> {
    return eventually(`${id} ${what}`, async () => {
      const one = await this.engine.summary(id).catch(() => null);
      return one && fits(one) && one;
    });
  }

  ended(id: string): Promise<WorkflowSummary> {
    return this.until(id, 'to end', ({ endedAt }) => endedAt !== null);
  }

  async events(id: string, ...types: WorkflowEvent['type'][]): Promise<WorkflowEvent[]> {
    const events = await this.engine.history(id);
    return types.length === 0 ? events : events.filter(({ type }) => types.includes(type));
  }

  /** Throws away everything that belongs to the queue and nothing else. */
  async loseQueue(): Promise<void> {
    const keys = await this.redis.keys(`{${this.namespace}}:toys:*`);
    if (keys.length > 0) await this.redis.del(...keys);
  }

  async close(): Promise<void> {
    await Promise.all(this.runtimes.map((one) => one.stop()));
    await Promise.all([...this.runtimes, this.front].map((one) => one.close()));
    this.redis.disconnect();
    this.worldRedis.disconnect();
  }
}

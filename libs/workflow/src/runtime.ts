import { type Logger, openRedis, systemClock, withTimeout } from '@slotferry/platform';
import type { Redis } from 'ioredis';
import type { Json } from './json';
import type { PhaseRegistry } from './phase-registry';
import { deliver } from './run/deliver';
import { Executor } from './run/executor';
import { LateRecords } from './run/late-records';
import { Periodic } from './run/periodic';
import { Queues } from './run/queues';
import type { Work } from './work';
import { reconcile } from './run/reconcile';
import { Relay } from './run/relay';
import { TakeOvers } from './run/take-overs';
import { QueueWorker } from './run/worker';
import { AttemptLeases } from './store/attempt-lease';
import { EventLog } from './store/event-log';
import { Keys } from './store/keys';

export interface RuntimeOptions {
  readonly redisUrl: string;
  readonly namespace: string;
  readonly registry: PhaseRegistry;
  /** Unique among the workers that are alive. */
  readonly worker: string;
  readonly logger: Logger;
  readonly concurrency: number;
  /** How long an attempt may go without a sign of life before another worker takes over, in milliseconds. */
  readonly leaseMs: number;
  readonly watchdogIntervalMs: number;
  readonly reconcileIntervalMs: number;
  readonly lockDurationMs: number;
  /** Takes secrets out of what is stored. */
  readonly redact: (value: Json) => Json;
}

/** An append that takes longer counts as lost, in milliseconds: a hold must not wait for Redis. */
const appendTimeoutMs = 600;
/** Attempts under way when a process is told to stop have so long to end, in milliseconds; then other workers take over. */
const stopLimitMs = 20_000;
/** What the queue may take to close its connections, in milliseconds. */
const closeLimitMs = 2_000;

/**
 * Everything a worker process does: runs jobs, carries the outbox to the queues, puts back missing jobs, and takes over what a
 * dead or frozen worker left, guarded sections first of all.
 */
export class WorkflowRuntime {
  readonly log: EventLog;
  private readonly redis: Redis;
  private readonly relayRedis: Redis;
  private readonly queueRedis: Redis;
  private readonly queues: Queues;
  private readonly takeOvers: TakeOvers;
  private readonly lateRecords: LateRecords;
  private readonly workers: QueueWorker[];
  private readonly relay: Relay;
  private readonly watchdog: Periodic;
  private readonly reconciler: Periodic;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: RuntimeOptions) {
    const { redisUrl, logger, registry, worker } = options;
    const keys = new Keys(options.namespace);
    this.redis = openRedis(redisUrl, { role: 'command', logger });
    this.relayRedis = openRedis(redisUrl, { role: 'blocking', logger });
    this.queueRedis = openRedis(redisUrl, { role: 'queue', logger });
    this.log = new EventLog(this.redis, keys);
    const yields = ({ workflow, phase, direction }: Work): boolean =>
      direction === 'forward' && registry.yields(workflow, phase);
    this.queues = new Queues(this.queueRedis, keys, yields);
    const monotonic = (): number => systemClock.monotonicMs();
    const leases = new AttemptLeases(this.redis, keys, monotonic);
    this.lateRecords = new LateRecords(this.log, `worker:${worker}`, logger);
    const executor = new Executor({
      log: this.log,
      leases,
      lateRecords: this.lateRecords,
      registry,
      worker,
      logger,
      appendTimeoutMs,
      leaseMs: options.leaseMs,
      redact: options.redact,
      hasten: (jobs) => this.queues.hasten(jobs),
      monotonic,
      now: () => systemClock.wallMs(),
    });
    const { concurrency, lockDurationMs } = options;
    const workerOptions = { connection: this.queueRedis, keys, concurrency, lockDurationMs, logger };
    this.workers = registry.queues.map((queue) => new QueueWorker(queue, executor, workerOptions));
    this.takeOvers = new TakeOvers({ log: this.log, leases, registry, executor, logger });
    this.relay = new Relay({
      redis: this.relayRedis,
      keys,
      name: worker,
      logger,
      deliver: (entries) => deliver(entries, this.log, this.queues),
    });
    this.watchdog = new Periodic('the watchdog', options.watchdogIntervalMs, logger, () =>
      this.takeOvers.look(),
    );
    this.reconciler = new Periodic('the reconciler', options.reconcileIntervalMs, logger, () =>
      this.reconcile(),
    );
  }

  start(): void {
    this.relay.start();
    for (const one of this.workers) one.start();
    this.watchdog.start();
    // What was lost while nobody ran must not wait for the first interval.
    this.reconciler.start(0);
  }

  /** Takes no further work and waits for attempts under way. What has not ended in time is left to other workers. */
  stop(): Promise<void> {
    this.stopping ??= this.endWork();
    return this.stopping;
  }

  /** Closes connections. Call after `stop`. */
  async close(): Promise<void> {
    // Also those that were never started hold a connection.
    await withTimeout(
      Promise.all(this.workers.map((one) => one.close())),
      closeLimitMs,
      'the queue to close',
    ).catch((error: unknown) =>
      this.options.logger.warn({ error: String(error) }, 'the queue was left open'),
    );
    await this.queues.close();
    for (const redis of [this.redis, this.relayRedis, this.queueRedis]) redis.disconnect();
  }

  /** Puts back jobs that should exist. */
  async reconcile(): Promise<void> {
    const added = await reconcile(this.log, this.queues);
    if (added > 0) this.options.logger.info({ jobs: added }, 'put back jobs that were missing');
  }

  private async endWork(): Promise<void> {
    const parts = [...this.workers, this.watchdog, this.reconciler, this.relay];
    const stopped = Promise.all(parts.map((one) => one.stop())).then(() => this.takeOvers.stop());
    await withTimeout(stopped, stopLimitMs, 'attempts under way to end').catch((error: unknown) => {
      this.options.logger.warn({ error: String(error) }, 'stopped with work under way');
    });
    await this.lateRecords.stop();
  }
}

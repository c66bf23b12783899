import { type Logger, openRedis, systemClock } from '@slotferry/platform';
import type { Redis } from 'ioredis';
import type { Json } from './json';
import type { PhaseRegistry } from './phase-registry';
import { deliver } from './run/deliver';
import { Executor } from './run/executor';
import { Periodic } from './run/periodic';
import { Queues } from './run/queues';
import { reconcile } from './run/reconcile';
import { Relay } from './run/relay';
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

/** Lapsed attempts taken over in one round of the watchdog. */
const takeOversPerRound = 50;
/** An append that takes longer counts as lost, in milliseconds: a hold must not wait for Redis. */
const appendTimeoutMs = 600;

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
  private readonly executor: Executor;
  private readonly workers: QueueWorker[];
  private readonly relay: Relay;
  private readonly periodics: Periodic[];

  constructor(private readonly options: RuntimeOptions) {
    const { redisUrl, logger, registry, worker } = options;
    const keys = new Keys(options.namespace);
    this.redis = openRedis(redisUrl, { role: 'command', logger });
    this.relayRedis = openRedis(redisUrl, { role: 'blocking', logger });
    this.queueRedis = openRedis(redisUrl, { role: 'queue', logger });
    this.log = new EventLog(this.redis, keys);
    this.queues = new Queues(this.queueRedis, keys);
    const monotonic = (): number => systemClock.monotonicMs();
    const leases = new AttemptLeases(this.redis, keys, monotonic);
    this.executor = new Executor({
      log: this.log,
      leases,
      registry,
      worker,
      logger,
      appendTimeoutMs,
      leaseMs: options.leaseMs,
      redact: options.redact,
      monotonic,
      now: () => systemClock.wallMs(),
    });
    const { concurrency, lockDurationMs } = options;
    const workerOptions = { connection: this.queueRedis, keys, concurrency, lockDurationMs, logger };
    this.workers = registry.queues.map((queue) => new QueueWorker(queue, this.executor, workerOptions));
    this.relay = new Relay({
      redis: this.relayRedis,
      keys,
      name: worker,
      logger,
      deliver: (entries) => deliver(entries, this.log, this.queues),
    });
    this.periodics = [
      new Periodic('the watchdog', options.watchdogIntervalMs, logger, () => this.takeOverLapsed(leases)),
      new Periodic('the reconciler', options.reconcileIntervalMs, logger, () => this.reconcile()),
    ];
  }

  start(): void {
    this.relay.start();
    for (const one of [...this.workers, ...this.periodics]) one.start();
    // What was lost while nobody ran must not wait for the first interval.
    void this.reconcile().catch(() => undefined);
  }

  /** Waits for attempts under way; takes no new ones. */
  async stop(): Promise<void> {
    await Promise.all([...this.workers, ...this.periodics, this.relay].map((one) => one.stop()));
  }

  /** Closes connections. Call after `stop`. */
  async close(): Promise<void> {
    await this.queues.close();
    for (const redis of [this.redis, this.relayRedis, this.queueRedis]) redis.disconnect();
  }

  /** Puts back jobs that should exist. */
  async reconcile(): Promise<void> {
    const added = await reconcile(this.log, this.queues);
    if (added > 0) this.options.logger.info({ jobs: added }, 'put back jobs that were missing');
  }

  private async takeOverLapsed(leases: AttemptLeases): Promise<void> {
    const lapsed = await leases.lapsed(takeOversPerRound);
    const mine = (await this.log.summaries(lapsed)).filter((one) =>
      this.options.registry.handles(one.workflow),
    );
    await Promise.all(
      mine.map(({ id }) =>
        this.executor.takeOver(id).catch((error: unknown) => {
          this.options.logger.warn(
            { workflow: id, error: String(error) },
            'taking over failed and is tried again',
          );
        }),
      ),
    );
  }
}

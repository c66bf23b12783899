import {
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ClusterConnections, ClusterRegistry, ClusterSource } from '@slotferry/inventory';
import { migrationDefinitions, migrationPhases } from '@slotferry/migration';
import {
  checkRedis,
  type Configuration,
  type Logger,
  openRedis,
  type Problem,
  Redactor,
} from '@slotferry/platform';
import { PhaseRegistry, WorkflowRuntime } from '@slotferry/workflow';
import { type PinoLogger } from 'nestjs-pino';
import { type Redis } from 'ioredis';

/** Between two looks at a Redis that is away or unfit, in milliseconds. */
const redisPollMs = 1_000;

/** The workflow runtime with the phases of libs/migration, begun when Redis is fit and ended without dropping a job. */
export class Migrator implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly redis: Redis;
  private readonly clusters: ClusterConnections;
  private readonly runtime: WorkflowRuntime;
  private readonly logger: Logger;
  private waiting: NodeJS.Timeout | undefined;
  private stopping = false;
  private told = '';

  constructor(
    private readonly configuration: Configuration,
    pino: PinoLogger,
  ) {
    const redactor = new Redactor();
    this.logger = {
      debug: (fields, message) => pino.debug(fields, message),
      info: (fields, message) => pino.info(fields, message),
      warn: (fields, message) => pino.warn(fields, message),
      error: (fields, message) => pino.error(fields, message),
    };
    this.redis = openRedis(configuration.redisUrl, { role: 'command', logger: this.logger });
    this.clusters = new ClusterConnections(redactor);
    const source = new ClusterSource(new ClusterRegistry(this.redis, configuration.namespace), this.clusters);
    this.runtime = new WorkflowRuntime({
      redisUrl: configuration.redisUrl,
      namespace: configuration.namespace,
      registry: new PhaseRegistry(migrationDefinitions, migrationPhases(source)),
      worker: configuration.workerName,
      logger: this.logger,
      concurrency: configuration.workerConcurrency,
      leaseMs: configuration.attemptLeaseMs,
      watchdogIntervalMs: configuration.watchdogIntervalMs,
      reconcileIntervalMs: configuration.reconcileIntervalMs,
      lockDurationMs: configuration.lockDurationMs,
      redact: (value) => redactor.json(value),
    });
  }

  /** What keeps this process from working, for its health page. */
  async problems(): Promise<Problem[]> {
    try {
      return (await checkRedis(this.redis)).filter(({ severity }) => severity === 'error');
    } catch (error) {
      const message = `Redis does not answer: ${error instanceof Error ? error.message : String(error)}`;
      return [{ code: 'redis-away', message, remedy: 'Start Redis, or correct SLOTFERRY_REDIS_URL.' }];
    }
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.startWhenFit();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.waiting);
    await this.runtime.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.runtime.close(), this.clusters.close()]);
    this.redis.disconnect();
  }

  /** A worker on a Redis that loses or evicts events would be worse than none. */
  private async startWhenFit(): Promise<void> {
    const [problem] = await this.problems();
    if (this.stopping) return;
    if (!problem) {
      this.runtime.start();
      this.logger.info({ worker: this.configuration.workerName }, 'the migrator takes work');
      return;
    }
    if (problem.message !== this.told)
      this.logger.error({ code: problem.code, remedy: problem.remedy }, problem.message);
    this.told = problem.message;
    this.waiting = setTimeout(() => void this.startWhenFit(), redisPollMs);
  }
}

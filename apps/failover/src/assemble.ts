import {
  ClusterNotifier,
  failoverDefinitions,
  failoverPhases,
  RedisFailoverMemory,
  VoteWakes,
  Watcher,
} from '@slotferry/failover';
import { ClusterConnections, ClusterRegistry, ClusterSource } from '@slotferry/inventory';
import { type Configuration, type Logger, openRedis, Redactor } from '@slotferry/platform';
import { EventLog, Keys, PhaseRegistry, WorkflowEngine, WorkflowRuntime } from '@slotferry/workflow';
import { type Redis } from 'ioredis';

/** What the process consists of. */
export interface Parts {
  /** For short commands. */
  readonly redis: Redis;
  readonly watcher: Watcher;
  readonly runtime: WorkflowRuntime;
  /** Closes all connections. Watcher and runtime have to be stopped before. */
  close(): Promise<void>;
}

/** Puts the process together; nothing runs yet. */
export function assemble(configuration: Configuration, logger: Logger): Parts {
  const { redisUrl, namespace, workerName: worker, sourceAddress } = configuration;
  const redactor = new Redactor();
  const redis = openRedis(redisUrl, { role: 'command', logger });
  const wakeRedis = openRedis(redisUrl, { role: 'blocking', logger });
  const connections = new ClusterConnections(redactor, { sourceAddress });
  const registry = new ClusterRegistry(redis, namespace);
  const clusters = new ClusterSource(registry, connections);
  const memory = new RedisFailoverMemory(redis, namespace);
  const engine = new WorkflowEngine(new EventLog(redis, new Keys(namespace)));
  const notifier = new ClusterNotifier(clusters);
  const wakes = new VoteWakes(wakeRedis, namespace);
  const runtime = new WorkflowRuntime({
    redisUrl,
    namespace,
    registry: new PhaseRegistry(
      failoverDefinitions,
      failoverPhases({ clusters, memory, engine, notifier, dataDir: configuration.dataDir }),
    ),
    worker,
    logger,
    concurrency: configuration.workerConcurrency,
    leaseMs: configuration.attemptLeaseMs,
    watchdogIntervalMs: configuration.watchdogIntervalMs,
    reconcileIntervalMs: configuration.reconcileIntervalMs,
    lockDurationMs: configuration.lockDurationMs,
    redact: (value) => redactor.json(value),
  });
  return {
    redis,
    watcher: new Watcher({ worker, registry, connections, memory, wakes, engine, logger }),
    runtime,
    async close() {
      await Promise.all([runtime.close(), connections.close()]);
      for (const one of [redis, wakeRedis]) one.disconnect();
    },
  };
}

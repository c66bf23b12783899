import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ClusterNotifier,
  failoverDefinitions,
  failoverPhases,
  RedisFailoverMemory,
} from '@slotferry/failover';
import { ClusterConnections, ClusterRegistry, ClusterSource } from '@slotferry/inventory';
import { openRedis, Redactor, silentLogger } from '@slotferry/platform';
import { EventLog, Keys, PhaseRegistry, WorkflowEngine, WorkflowRuntime } from '@slotferry/workflow';

export const namespace = 'slotferry';

/** Starts a worker of failovers and switchovers in this process; resolves when it was told to take work. */
export function startSwitchoverWorker(redisUrl: string, worker: string): { close(): Promise<void> } {
  const redis = openRedis(redisUrl, { role: 'command' });
  const redactor = new Redactor();
  const connections = new ClusterConnections(redactor);
  const clusters = new ClusterSource(new ClusterRegistry(redis, namespace), connections);
  const phases = failoverPhases({
    clusters,
    memory: new RedisFailoverMemory(redis, namespace),
    engine: new WorkflowEngine(new EventLog(redis, new Keys(namespace))),
    notifier: new ClusterNotifier(clusters),
    dataDir: join(tmpdir(), 'slotferry-switchover-tests'),
  });
  const runtime = new WorkflowRuntime({
    redisUrl,
    namespace,
    registry: new PhaseRegistry(failoverDefinitions, phases),
    worker,
    logger: silentLogger,
    concurrency: 10,
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
      redis.disconnect();
    },
  };
}

/** `node -r run-typescript.cjs switchover-worker.ts <redis url> <name>`: one that can be killed. */
if (require.main === module) {
  const [, , redisUrl = '', name = ''] = process.argv;
  startSwitchoverWorker(redisUrl, name);
  process.send?.('taking work');
}

import { openRedis } from '@slotferry/platform';
import { type TestRedis } from '../../support/redis';
import { EngineCrew } from './engine-crew';

/** What one waiting workflow takes, in bytes. */
export interface MemoryPerWorkflow {
  readonly workflows: number;
  readonly redisBytes: number;
  readonly workerBytes: number;
}

/** Lets workflows wait and looks how much more Redis and the worker hold than before. */
export async function memoryPerWorkflow(redis: TestRedis, workflows: number): Promise<MemoryPerWorkflow> {
  const client = openRedis(redis.url, { role: 'command' });
  const crew = await EngineCrew.start(redis, 'bench-memory');
  try {
    const usedByRedis = async (): Promise<number> =>
      Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
    // What is allocated once, such as compiled code and scripts, is no cost of a workflow.
    await crew.round(200);
    const [redisBefore, workerBefore] = [await usedByRedis(), await crew.usage()];
    await crew.letWait(workflows);
    const [redisAfter, workerAfter] = [await usedByRedis(), await crew.usage()];
    return {
      workflows,
      redisBytes: (redisAfter - redisBefore) / workflows,
      workerBytes: (workerAfter.heapBytes - workerBefore.heapBytes) / workflows,
    };
  } finally {
    await crew.stop();
    client.disconnect();
  }
}

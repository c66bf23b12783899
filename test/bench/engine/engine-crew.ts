import { openRedis } from '@slotferry/platform';
import { EventLog, Keys, WorkflowEngine, type WorkflowDefinition } from '@slotferry/workflow';
import { Queue } from 'bullmq';
import { type Redis } from 'ioredis';
import { type TestRedis } from '../../support/redis';
import { eventually } from '../../support/eventually';
import { Contestant } from './contestant';
import { idle, waiting } from './idle-workflow';
import { type Usage } from './process-usage';
import { WorkerProcess } from './worker-process';

/** Starts under way at a time. */
const startsAtOnce = 100;
const waitLimitMs = 120_000;
const actor = 'operator:bench';

/** The engine with one worker in a process of its own. */
export class EngineCrew extends Contestant {
  private readonly engine: WorkflowEngine;

  private constructor(
    worker: WorkerProcess,
    queue: Queue,
    private readonly redis: Redis,
    private readonly queueRedis: Redis,
    private readonly keys: Keys,
  ) {
    super(worker, queue);
    this.engine = new WorkflowEngine(new EventLog(redis, keys));
  }

  static async start({ url }: TestRedis, namespace: string): Promise<EngineCrew> {
    const keys = new Keys(namespace);
    const redis = openRedis(url, { role: 'command' });
    const queueRedis = openRedis(url, { role: 'queue' });
    const queue = new Queue(idle.queue, { connection: queueRedis, prefix: keys.queuePrefix });
    const worker = await WorkerProcess.start('engine-process.ts', [url, namespace]);
    worker.begin();
    return new EngineCrew(worker, queue, redis, queueRedis, keys);
  }

  usage(): Promise<Usage> {
    return this.worker.usage();
  }

  /** Starts workflows that wait for something for an hour; resolves when all of them do. */
  async letWait(count: number): Promise<void> {
    await this.startAll(waiting, 0, count);
    await eventually(
      `${count} workflows that wait`,
      async () => (await this.queue.getJobCountByTypes('delayed')) === count,
      waitLimitMs,
    );
  }

  async stop(): Promise<void> {
    await this.worker.stop();
    await this.queue.close();
    this.queueRedis.disconnect();
    this.redis.disconnect();
  }

  protected lay(first: number, count: number): Promise<void> {
    return this.startAll(idle, first, count);
  }

  protected async isDone(): Promise<boolean> {
    return (await this.redis.zcard(this.keys.open)) === 0;
  }

  private async startAll(
    definition: WorkflowDefinition<{ readonly number: number }>,
    first: number,
    count: number,
  ): Promise<void> {
    for (let done = 0; done < count; done += startsAtOnce) {
      const batch = Array.from({ length: Math.min(startsAtOnce, count - done) }, (_, index) =>
        this.engine.start(definition, { number: first + done + index }, { actor }),
      );
      await Promise.all(batch);
    }
  }
}

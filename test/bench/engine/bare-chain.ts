import { Queue } from 'bullmq';
import { openRedis } from '@slotferry/platform';
import { type TestRedis } from '../../support/redis';
import { Contestant } from './contestant';
import { BARE_PREFIX, BARE_QUEUE, type BareJob, JOB_OPTIONS } from './settings';
import { WorkerProcess } from './worker-process';

/** The yardstick: chains of bare BullMQ jobs, each of which appends one entry to a stream and adds the next. */
export class BareChain extends Contestant {
  private constructor(
    worker: WorkerProcess,
    private readonly jobs: Queue<BareJob>,
    private readonly closeRedis: () => void,
  ) {
    super(worker, jobs);
  }

  static async start({ url }: TestRedis): Promise<BareChain> {
    const connection = openRedis(url, { role: 'queue' });
    const queue = new Queue<BareJob>(BARE_QUEUE, { connection, prefix: BARE_PREFIX });
    const worker = await WorkerProcess.start('bare-process.ts', [url]);
    worker.begin();
    return new BareChain(worker, queue, () => connection.disconnect());
  }

  async stop(): Promise<void> {
    await this.worker.stop();
    await this.jobs.close();
    this.closeRedis();
  }

  protected async lay(first: number, count: number): Promise<void> {
    await this.jobs.addBulk(
      Array.from({ length: count }, (_, index) => {
        const chain = `chain${first + index}`;
        return { name: 'step', data: { chain, step: 1 }, opts: { ...JOB_OPTIONS, jobId: `${chain}-1` } };
      }),
    );
  }

  /** A job adds the next one before it ends, so the queue is empty only when all chains have ended. */
  protected async isDone(): Promise<boolean> {
    return (await this.jobs.getJobCountByTypes('waiting', 'active', 'delayed')) === 0;
  }
}

import { DelayedError, Worker, type ConnectionOptions, type Job } from 'bullmq';
import type { Logger } from '@slotferry/platform';
import type { Keys } from '../store/keys';
import type { Executor } from './executor';
import type { JobData } from './queues';

export interface QueueWorkerOptions {
  readonly connection: ConnectionOptions;
  readonly keys: Keys;
  readonly concurrency: number;
  /** BullMQ's own lock, in milliseconds. The right to act is the attempt's lease; this one only keeps jobs from running twice for nothing. */
  readonly lockDurationMs: number;
  readonly logger: Logger;
}

/** Takes jobs of one queue and lets the executor run them. */
export class QueueWorker {
  private readonly worker: Worker<JobData>;

  private readonly logger: Logger;

  constructor(queue: string, executor: Executor, options: QueueWorkerOptions) {
    this.logger = options.logger;
    this.worker = new Worker<JobData>(queue, (job, token) => runJob(executor, job, token), {
      connection: options.connection,
      prefix: options.keys.queuePrefix,
      concurrency: options.concurrency,
      lockDuration: options.lockDurationMs,
      stalledInterval: Math.min(15_000, options.lockDurationMs),
      maxStalledCount: 1_000,
      // Also said by each job; but one whose data were lost would stay, and keep its id taken.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      autorun: false,
    });
    this.worker.on('error', (error) =>
      options.logger.debug({ queue, error: error.message }, 'the queue is away'),
    );
    this.worker.on('failed', (job, error) =>
      options.logger.warn({ queue, job: job?.id, error: error.message }, 'a job failed and is tried again'),
    );
  }

  start(): void {
    this.worker
      .run()
      .catch((error: unknown) => this.logger.error({ error: String(error) }, 'the queue worker ended'));
  }

  /** Takes no further job and waits for those under way. */
  async stop(): Promise<void> {
    await this.worker.close();
  }

  /** Closes connections without waiting for jobs. */
  async close(): Promise<void> {
    await this.worker.close(true);
  }
}

async function runJob(executor: Executor, job: Job<JobData>, token: string | undefined): Promise<void> {
  const { workflowId } = job.data as Partial<JobData>;
  // The rest of a job whose data were lost; the reconciler puts back what is due.
  if (workflowId === undefined) return;
  const fate = await executor.runJob(workflowId, job.id ?? '');
  if (fate.kind === 'finished') return;
  await job.moveToDelayed(Date.now() + Math.max(1, Math.ceil(fate.afterMs)), token);
  throw new DelayedError();
}

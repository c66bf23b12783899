import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { WorkflowSummary } from '../summary';
import { jobId, type Work } from '../work';
import type { Keys } from '../store/keys';

/** What a job carries: enough to find the workflow. Everything else stands in the log. */
export interface JobData {
  readonly workflowId: string;
  readonly phase: string;
}

const jobOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  // A job fails only when Redis itself is in trouble; the work stays due until the log says otherwise.
  attempts: 1_000,
  backoff: { type: 'fixed', delay: 500 },
} as const;

/** The BullMQ queues, seen as what they are here: carriers of work that can be thrown away. */
export class Queues {
  private readonly queues = new Map<string, Queue<JobData>>();

  constructor(
    private readonly connection: Redis,
    private readonly keys: Keys,
  ) {}

  /** Adds jobs; one whose id is there already is left alone. */
  async add(works: readonly Work[]): Promise<void> {
    const byQueue = new Map<string, Work[]>();
    for (const work of works) byQueue.set(work.queue, [...(byQueue.get(work.queue) ?? []), work]);
    await Promise.all(
      [...byQueue].map(([name, list]) =>
        this.queue(name).addBulk(
          list.map((work) => ({
            name: work.phase,
            data: { workflowId: work.workflowId, phase: work.phase },
            opts: { ...jobOptions, jobId: jobId(work), delay: Math.max(0, work.dueAt - Date.now()) },
          })),
        ),
      ),
    );
  }

  /** Of the given workflows, those whose job is in no queue. */
  async missing(summaries: readonly WorkflowSummary[]): Promise<WorkflowSummary[]> {
    const due = summaries.filter((one) => one.job !== null);
    const asked = this.connection.pipeline();
    for (const { job } of due) if (job) asked.exists(this.queue(job.queue).toKey(job.id));
    const answers = (await asked.exec()) ?? [];
    return due.filter((_, index) => {
      const [error, exists] = answers[index] ?? [];
      if (error) throw error;
      return exists !== 1;
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private queue(name: string): Queue<JobData> {
    const known = this.queues.get(name);
    if (known) return known;
    const queue = new Queue<JobData>(name, { connection: this.connection, prefix: this.keys.queuePrefix });
    queue.on('error', () => undefined); // Every call reports its own failure.
    this.queues.set(name, queue);
    return queue;
  }
}

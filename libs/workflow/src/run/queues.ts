import { ErrorCode, Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { WorkflowSummary } from '../summary';
import { jobId, type Work } from '../work';
import type { Keys } from '../store/keys';

/** What a job carries: enough to find the workflow. Everything else stands in the log. */
export interface JobData {
  readonly workflowId: string;
  readonly phase: string;
}

/** Where a job is found. */
export type QueuedJob = Pick<NonNullable<WorkflowSummary['job']>, 'id' | 'queue'>;

const jobOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  // A job fails only when Redis itself is in trouble; the work stays due until the log says otherwise.
  attempts: 1_000,
  backoff: { type: 'fixed', delay: 500 },
} as const;

/** A job without a priority goes before all that have one. */
const afterOthers = 1;

/** States in which a job will run, or runs. */
const alive: ReadonlySet<string> = new Set([
  'active',
  'waiting',
  'delayed',
  'prioritized',
  'waiting-children',
]);

/** The BullMQ queues, seen as what they are here: carriers of work that can be thrown away. */
export class Queues {
  private readonly queues = new Map<string, Queue<JobData>>();

  constructor(
    private readonly connection: Redis,
    private readonly keys: Keys,
    /** Does this work let all other work of its queue go first? */
    private readonly yields: (work: Work) => boolean,
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
            opts: {
              ...jobOptions,
              jobId: jobId(work),
              delay: Math.max(0, work.dueAt - Date.now()),
              ...(this.yields(work) && { priority: afterOthers }),
            },
          })),
        ),
      ),
    );
  }

  /** Lets jobs run now that wait for their time. One that does not, or is gone, is left alone. */
  async hasten(jobs: readonly QueuedJob[]): Promise<void> {
    await Promise.all(
      jobs.map(async ({ id, queue }) => {
        const job = new Job(this.queue(queue), id, {}, {}, id);
        await job.promote().catch((error: unknown) => {
          if (!isNotDelayed(error)) throw error;
        });
      }),
    );
  }

  /** Of the given workflows, those whose job is neither waiting nor at work. */
  async missing(summaries: readonly WorkflowSummary[]): Promise<WorkflowSummary[]> {
    const due = summaries.filter((one) => one.job !== null);
    const states = await Promise.all(
      due.map(async ({ job }) => (job === null ? 'unknown' : this.queue(job.queue).getJobState(job.id))),
    );
    return due.filter((_, index) => !alive.has(states[index] ?? 'unknown'));
  }

  /**
   * Adds jobs of which nothing but rests may be left: where a part of the queue was lost, these would keep the id taken for
   * ever. A job that came back meanwhile is replaced by itself; one that is at work is left alone.
   */
  async putBack(works: readonly Work[]): Promise<void> {
    await Promise.all(works.map((work) => this.queue(work.queue).remove(jobId(work))));
    await this.add(works);
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

function isNotDelayed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === ErrorCode.JobNotInState;
}

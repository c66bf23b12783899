import { type Queue } from 'bullmq';
import { eventually } from '../../support/eventually';
import { PHASES } from './idle-workflow';
import { type WorkerProcess } from './worker-process';

/** What a round took. */
export interface Round {
  readonly workflows: number;
  readonly perSecond: number;
  /** Processor time of the worker for one phase, in milliseconds. */
  readonly cpuMsPerPhase: number;
}

const roundLimitMs = 300_000;

/** One of the two that are compared: its worker, its queue, and how its work is laid out and found done. */
export abstract class Contestant {
  private number = 0;

  protected constructor(
    protected readonly worker: WorkerProcess,
    protected readonly queue: Queue,
  ) {}

  /** Puts so many pieces of work into the queue, which is paused. Their numbers begin at `first`. */
  protected abstract lay(first: number, count: number): Promise<void>;
  protected abstract isDone(): Promise<boolean>;
  abstract stop(): Promise<void>;

  /** Works through `count` pieces of ten phases each. Laying them out is not counted. */
  async round(count: number): Promise<Round> {
    await this.queue.pause();
    await this.lay(this.number, count);
    this.number += count;
    await this.laidOut(count);
    const before = await this.worker.usage();
    const begunAt = performance.now();
    await this.queue.resume();
    await eventually(`the end of ${count} pieces of work`, () => this.isDone(), roundLimitMs);
    const seconds = (performance.now() - begunAt) / 1_000;
    const after = await this.worker.usage();
    const done = count * PHASES;
    return {
      workflows: count,
      perSecond: done / seconds,
      cpuMsPerPhase: (after.cpuMs - before.cpuMs) / done,
    };
  }

  private async laidOut(count: number): Promise<void> {
    await eventually(
      `${count} jobs in the paused queue`,
      async () => (await this.queue.getJobCountByTypes('waiting')) === count,
      roundLimitMs,
    );
  }
}

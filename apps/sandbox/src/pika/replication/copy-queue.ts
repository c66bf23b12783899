export interface CopyJob {
  /** False when the slot was attached anew or detached meanwhile. */
  readonly isWanted: () => boolean;
  /** Calls `done` when the next one may begin. */
  readonly run: (done: () => void) => void;
}

/** The full copies into one node: one after the other, in the order in which they were asked for. */
export class CopyQueue {
  private waiting: CopyJob[] = [];
  private running: CopyJob | undefined;

  add(job: CopyJob): void {
    this.waiting.push(job);
    this.next();
  }

  /** Copies asked for: the running one and those that wait. */
  get size(): number {
    return this.waiting.length + (this.running ? 1 : 0);
  }

  clear(): void {
    this.waiting = [];
    this.running = undefined;
  }

  private next(): void {
    if (this.running) return;
    this.waiting = this.waiting.filter((job) => job.isWanted());
    const job = this.waiting.shift();
    if (!job) return;
    this.running = job;
    job.run(() => {
      if (this.running !== job) return;
      this.running = undefined;
      this.next();
    });
  }
}

/** Runs some work whenever it is woken: one run at a time, and once more when it was woken during a run. */
export class OneAtATime {
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  /** `work` handles its own failures. */
  constructor(private readonly work: () => Promise<void>) {}

  wake(): void {
    if (this.stopped) return;
    this.again = true;
    this.running ??= this.run();
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      await this.work();
    }
    this.running = null;
  }
}

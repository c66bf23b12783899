import type { Logger } from '@slotferry/platform';

/** Does something again and again with a pause in between, never twice at once, until it is stopped. */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly name: string,
    private readonly intervalMs: number,
    private readonly logger: Logger,
    private readonly work: () => Promise<void>,
  ) {}

  start(firstAfterMs = this.intervalMs): void {
    this.timer = setTimeout(() => {
      this.running = this.round();
    }, firstAfterMs);
  }

  /** Resolves when a round under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async round(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.logger.warn({ error: String(error) }, `${this.name} failed and tries again`);
    }
    if (!this.stopped) this.start();
  }
}

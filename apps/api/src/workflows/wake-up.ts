/** Waits until somebody rings, a time is over, or a signal is aborted. A ring while nobody waits is not lost. */
export class WakeUp {
  private rung = false;
  private waker: (() => void) | undefined;

  constructor(
    private readonly limitMs: number,
    private readonly stop: AbortSignal,
  ) {}

  ring(): void {
    this.rung = true;
    this.waker?.();
  }

  async next(): Promise<void> {
    if (!this.rung && !this.stop.aborted) await this.wait();
    this.rung = false;
  }

  private wait(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.stop.removeEventListener('abort', wake);
        this.waker = undefined;
        resolve();
      };
      const timer = setTimeout(wake, this.limitMs);
      this.stop.addEventListener('abort', wake, { once: true });
      this.waker = wake;
    });
  }
}

/**
 * Sends votes: at once when something has changed, and again and again so that the others know this worker lives. Never two at a time;
 * what changes meanwhile goes with the next one.
 */
export class VotePublisher {
  private wanted = false;
  private sending = false;
  private scheduled = false;
  private lastAt = -Infinity;

  /** `send` handles its own failures. */
  constructor(
    private readonly send: () => Promise<void>,
    private readonly now: () => number,
  ) {}

  /** Something has changed. Everything that changes in this turn of the event loop goes with one vote. */
  soon(): void {
    this.wanted = true;
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  /** Votes when the last one is `heartbeatMs` old. */
  tick(now: number, heartbeatMs: number): void {
    if (now - this.lastAt >= heartbeatMs) this.wanted = true;
    this.flush();
  }

  private flush(): void {
    if (!this.wanted || this.sending) return;
    this.wanted = false;
    this.sending = true;
    this.lastAt = this.now();
    void this.send().finally(() => {
      this.sending = false;
      // What has changed meanwhile does not wait for the next tick.
      this.flush();
    });
  }
}

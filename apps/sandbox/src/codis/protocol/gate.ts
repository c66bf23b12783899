/** Stands open, or holds everything that passes: what a stopped process does to its callers. */
export class Gate {
  private waiting: (() => void)[] = [];
  private isClosed = false;

  get closed(): boolean {
    return this.isClosed;
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.isClosed = false;
    const { waiting } = this;
    this.waiting = [];
    for (const go of waiting) go();
  }

  /** Resolves when the gate is open. */
  async pass(): Promise<void> {
    while (this.isClosed) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}

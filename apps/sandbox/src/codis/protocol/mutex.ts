/** One at a time, in the order of asking. */
export class Mutex {
  private tail: Promise<void> = Promise.resolve();
  private holders = 0;

  get isHeld(): boolean {
    return this.holders > 0;
  }

  async run<T>(work: () => T | Promise<T>): Promise<T> {
    const before = this.tail;
    let release = (): void => undefined;
    this.tail = new Promise((resolve) => (release = resolve));
    this.holders += 1;
    try {
      await before;
      return await work();
    } finally {
      this.holders -= 1;
      release();
    }
  }
}

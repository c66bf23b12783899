/** A step that several take together: nobody goes on before all have come, or the first has waited long enough. */
export class StepTogether {
  private here = 0;
  private isOpen = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly waiting: (() => void)[] = [];

  /** Resolves when `present` have come. Who comes after the step was left open does not wait. */
  come(present: number, limitMs: number): Promise<void> {
    this.here += 1;
    if (this.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.timer ??= setTimeout(() => this.open(), limitMs);
      this.check(present);
    });
  }

  /** One of those who are expected has gone; `hadCome` when he was counted here. `present`: how many are left. */
  left(hadCome: boolean, present: number): void {
    if (hadCome) this.here -= 1;
    this.check(present);
  }

  private check(present: number): void {
    if (!this.isOpen && this.waiting.length > 0 && this.here >= present) this.open();
  }

  private open(): void {
    clearTimeout(this.timer);
    this.isOpen = true;
    for (const goOn of this.waiting.splice(0)) goOn();
  }
}

const MAX_INTERVAL_US = 1_000_000;

/** What steers the migration of slots. It lives in memory only: a restart forgets it. */
export class SlotActionControl {
  private intervalUs = 0;
  disabled = false;
  /** One status for the whole cluster: empty, `[OK] ...` or `[ERROR] ...`. */
  status = '';
  /** Steps that run in this moment. */
  executor = 0;

  /** Microseconds between two steps of a slot. */
  get interval(): number {
    return this.intervalUs;
  }

  /** Out of range values are clamped without a word. */
  set interval(microseconds: number) {
    this.intervalUs = Math.min(Math.max(microseconds, 0), MAX_INTERVAL_US);
  }

  toBody(): { interval: number; disabled: boolean; progress: { status: string }; executor: number } {
    const { interval, disabled, status, executor } = this;
    return { interval, disabled, progress: { status }, executor };
  }
}

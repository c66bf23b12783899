interface Counted {
  calls: number;
  usecs: number;
  errors: number;
}

/** What the proxy counts about commands. */
export class OpStats {
  total = 0;
  fails = 0;
  qps = 0;
  private errors = 0;
  private lastTotal = 0;
  private readonly byName = new Map<string, Counted>();

  /** @param microseconds from the reading of the command to its reply */
  count(name: string, microseconds: number, isError: boolean): void {
    const counted = this.byName.get(name) ?? { calls: 0, usecs: 0, errors: 0 };
    counted.calls += 1;
    counted.usecs += microseconds;
    if (isError) {
      counted.errors += 1;
      this.errors += 1;
    }
    this.byName.set(name, counted);
  }

  /** To be called once a second: the commands since the last call are the new `qps`. */
  tick(): void {
    this.qps = this.total - this.lastTotal;
    this.lastTotal = this.total;
  }

  reset(): void {
    this.total = this.fails = this.qps = this.errors = this.lastTotal = 0;
    this.byName.clear();
  }

  toBody(): Record<string, unknown> {
    return { total: this.total, fails: this.fails, redis: { errors: this.errors }, qps: this.qps };
  }

  /** One entry a command, by name. */
  commands(): Record<string, unknown>[] {
    const entries = [...this.byName].sort(([left], [right]) => (left < right ? -1 : 1));
    return entries.map(([opstr, { calls, usecs, errors }]) => ({
      opstr,
      calls,
      usecs: Math.round(usecs),
      usecs_percall: Math.floor(usecs / calls),
      fails: 0,
      redis_errtype: errors,
    }));
  }
}

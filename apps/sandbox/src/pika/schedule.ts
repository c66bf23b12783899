import { type Condition } from './peer';

/**
 * The timers of one process. A crash drops them; what falls due while the process is frozen runs when it goes on.
 */
export class Schedule {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly immediates = new Set<NodeJS.Immediate>();
  private overdue: (() => void)[] = [];

  constructor(private readonly condition: () => Condition) {}

  /** Runs it after so many milliseconds; soon, but never at once, when 0. */
  after(ms: number, run: () => void): void {
    if (ms < 0.5) {
      const immediate = setImmediate(() => {
        this.immediates.delete(immediate);
        this.fire(run);
      });
      this.immediates.add(immediate);
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.fire(run);
    }, ms);
    this.timers.add(timer);
  }

  /** Resolves after so many milliseconds; never when the process ends first. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  thaw(): void {
    const { overdue } = this;
    this.overdue = [];
    for (const run of overdue) run();
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const immediate of this.immediates) clearImmediate(immediate);
    this.timers.clear();
    this.immediates.clear();
    this.overdue = [];
  }

  private fire(run: () => void): void {
    const condition = this.condition();
    if (condition === 'running') run();
    else if (condition === 'frozen') this.overdue.push(run);
  }
}

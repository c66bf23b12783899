import { type NodeCounters } from './counters';
import { type Schedule } from './schedule';

/**
 * Lets one change of slots through at a time, and holds every data command up meanwhile: the real server opens and closes databases
 * under the lock that the commands need.
 */
export class SlotChanges {
  private underWay: Promise<void> | undefined;

  constructor(
    private readonly schedule: Schedule,
    private readonly counters: NodeCounters,
  ) {}

  get isBusy(): boolean {
    return this.underWay !== undefined;
  }

  /** What data commands must wait for, if anything. */
  get holdUp(): Promise<void> | undefined {
    return this.underWay;
  }

  /** Takes that long, then applies the change. */
  async run(ms: number, apply: () => void): Promise<void> {
    const begin = performance.now();
    const work = this.schedule.sleep(ms).then(() => {
      this.underWay = undefined;
      this.counters.heldUpMs += performance.now() - begin;
      apply();
    });
    this.underWay = work;
    await work;
  }

  /** What a crash ends: the change under way does not happen. */
  reset(): void {
    this.underWay = undefined;
  }
}

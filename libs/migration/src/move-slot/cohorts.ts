/** So many at work at the same time are few: none of them waits for others. */
const few = 8;
/** How long those who come one after the other are gathered, in milliseconds. */
const gatherMs = 20;

/**
 * Where many moves are at work, lets those that begin with something at about the same time begin in the same moment: what they look
 * at is then looked at once for all of them, and what they send leaves as one command.
 */
export class Cohorts {
  private atWork = 0;
  private gathered: (() => void)[] = [];

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.atWork += 1;
    try {
      if (this.atWork > few) await this.others();
      return await work();
    } finally {
      this.atWork -= 1;
    }
  }

  private others(): Promise<void> {
    return new Promise((resolve) => {
      if (this.gathered.length === 0) setTimeout(() => this.begin(), gatherMs);
      this.gathered.push(resolve);
    });
  }

  private begin(): void {
    const cohort = this.gathered;
    this.gathered = [];
    for (const goOn of cohort) goOn();
  }
}

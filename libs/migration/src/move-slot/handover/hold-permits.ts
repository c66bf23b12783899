/** A hold shorter than this leaves room for more at a time: clients hardly notice it. In milliseconds. */
const shortHoldMs = 40;
/** A longer one than this means that fewer at a time are better. In milliseconds. */
const longHoldMs = 100;
/** What a short hold adds. */
const step = 0.4;
const most = 8;

/**
 * How many slots of one cluster this process holds at a time. Holds that run side by side slow each other down, and every one of
 * them makes clients wait: the number falls by half when one took too long, and rises while they are short.
 */
export class HoldPermits {
  private allowed = 2;
  private taken = 0;
  private readonly queue: (() => void)[] = [];

  /**
   * Runs `work` when it is its turn, first come first served. Null when its turn did not come within `limitMs`. Work that holds
   * nothing any more and goes on gives its place to the next.
   */
  async run<T>(limitMs: number, work: (giveBack: () => void) => Promise<T>): Promise<T | null> {
    if (!(await this.take(limitMs))) return null;
    let taken = true;
    const giveBack = (): void => {
      if (!taken) return;
      taken = false;
      this.taken -= 1;
      this.admit();
    };
    try {
      return await work(giveBack);
    } finally {
      giveBack();
    }
  }

  /** How long clients of a slot were held, in milliseconds. */
  learn(heldMs: number): void {
    if (heldMs > longHoldMs) this.allowed = Math.max(1, this.allowed / 2);
    else if (heldMs <= shortHoldMs) this.allowed = Math.min(most, this.allowed + step);
    this.admit();
  }

  private take(limitMs: number): Promise<boolean> {
    if (this.queue.length === 0 && this.hasRoom()) {
      this.taken += 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const turn = (): void => {
        clearTimeout(timer);
        this.taken += 1;
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(turn), 1);
        resolve(false);
      }, limitMs);
      this.queue.push(turn);
    });
  }

  private admit(): void {
    while (this.hasRoom()) {
      const turn = this.queue.shift();
      if (!turn) return;
      turn();
    }
  }

  private hasRoom(): boolean {
    return this.taken < Math.floor(this.allowed);
  }
}

/** One set of permits per cluster. */
export class PermitsByCluster {
  private readonly permits = new Map<string, HoldPermits>();

  of(cluster: string): HoldPermits {
    const known = this.permits.get(cluster) ?? new HoldPermits();
    this.permits.set(cluster, known);
    return known;
  }
}

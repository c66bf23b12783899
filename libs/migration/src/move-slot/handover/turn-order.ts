/** Of those who wait, so many are near their turn: the one that the router is at, and the next. */
const nearCount = 2;
/**
 * So many may be queued at the router: enough for it never to wait. Whoever gets ready for it while others are held makes these wait
 * longer, so the rest get ready when it is their turn.
 */
const mostQueued = 8;

/** A place in the order. */
export interface Turn {
  /** Resolves when the turn is near, or after `limitMs`. */
  near(limitMs: number): Promise<void>;
  /** It is over, or was given up. */
  over(): void;
}

/**
 * The order in which this process queued slots at a router that comes to one at a time: only those whose turn is near have to look
 * often, and what waiting costs does not grow with how many wait.
 */
export class TurnOrder {
  private readonly turns: Waiting[] = [];
  private readonly outside: ((turn: Turn) => void)[] = [];

  /** A place, first come first served; null when there is none within `limitMs`. */
  join(limitMs: number): Promise<Turn | null> {
    if (this.turns.length < mostQueued) return Promise.resolve(this.enter());
    return new Promise((resolve) => {
      const enter = (turn: Turn): void => {
        clearTimeout(timer);
        resolve(turn);
      };
      const timer = setTimeout(() => {
        this.outside.splice(this.outside.indexOf(enter), 1);
        resolve(null);
      }, limitMs);
      this.outside.push(enter);
    });
  }

  private enter(): Turn {
    const waiting: Waiting = { goOn: null };
    this.turns.push(waiting);
    return {
      near: (limitMs) => {
        if (this.isNear(waiting)) return Promise.resolve();
        return new Promise((resolve) => {
          const timer = setTimeout(resolve, limitMs);
          waiting.goOn = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      },
      over: () => {
        const index = this.turns.indexOf(waiting);
        if (index === -1) return;
        this.turns.splice(index, 1);
        waiting.goOn?.();
        for (const one of this.turns.slice(0, nearCount)) one.goOn?.();
        this.outside.shift()?.(this.enter());
      },
    };
  }

  private isNear(waiting: Waiting): boolean {
    return this.turns.indexOf(waiting) < nearCount;
  }
}

interface Waiting {
  goOn: (() => void) | null;
}

/** The order at the router of each cluster. */
export class OrderByCluster {
  private readonly orders = new Map<string, TurnOrder>();

  of(cluster: string): TurnOrder {
    const known = this.orders.get(cluster) ?? new TurnOrder();
    this.orders.set(cluster, known);
    return known;
  }
}

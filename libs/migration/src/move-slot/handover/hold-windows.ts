import { StepTogether } from './step-together';

/** Fewer slots would not make a window shorter: most of it is the time of a few round trips. */
const leastSlots = 4;
/** Slots in the first window. */
const firstSlots = 12;
/** More do not share a window, whatever the clients feel: every command names all of them. */
const mostSlots = 32;
/** After a window well within the stall that is aimed at, so many times as many slots may share the next one. */
const growth = 1.5;
/** Once one was too long: so many more. */
const carefulStep = 2;
/** Of the stall that is aimed at, so much means that more slots may share a window. */
const roomyShare = 0.8;
/** How long a window that could begin waits for others who are about to come, in milliseconds. */
const gatherMs = 4;

/** A slot's place in a window. */
export interface Seat {
  /**
   * Resolves when everybody who still has a place in the window has come to this step, so that what follows is sent for all of them
   * at once; or when `limitMs` have passed since the first one came.
   */
  together(step: string, limitMs: number): Promise<void>;
  /** Clients of the slot wait no more, after so many ms: its place is free, and the window does not wait for it. */
  served(heldMs: number): void;
}

export interface WindowWishes {
  /** How long a turn is waited for, in milliseconds. */
  readonly limitMs: number;
  /** How long clients may stand still where it can be helped, in milliseconds. */
  readonly maxStallMs: number;
  /** The slot is so far behind that others should not wait for it. */
  readonly alone: boolean;
}

/**
 * Windows in which requests of slots of one cluster are held by this process: one window after the other, each for as many slots as are
 * ready and as clients hardly notice. Everything in a window takes the time of its slowest slot, and costs about as much for many slots
 * as for one. The number of slots grows by half while windows stay well within the stall that is aimed at, falls by half after one beyond it, and
 * grows slowly from then on.
 */
export class HoldWindows {
  private size = firstSlots;
  /** A window was too long once: where it begins to be is near. */
  private careful = false;
  private window: HoldWindow | null = null;
  private gathering = false;
  private readonly queue: Waiting[] = [];
  /** Who waits for the end of the present window. */
  private readonly polite: (() => void)[] = [];

  /** Runs `work` with a place in a window, first come first served. Null when its turn did not come in time. */
  async run<T>(wishes: WindowWishes, work: (seat: Seat) => Promise<T>): Promise<T | null> {
    const window = await this.turn(wishes);
    if (!window) return null;
    const seat = window.seat();
    try {
      return await work(seat);
    } finally {
      seat.giveBack();
    }
  }

  /**
   * Resolves when no window is open, or after `limitMs`: other work of this process would make clients wait longer who are held in the
   * meantime.
   */
  async quiet(limitMs: number): Promise<void> {
    if (!this.window) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.polite.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private turn(wishes: WindowWishes): Promise<HoldWindow | null> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        alone: wishes.alone,
        maxStallMs: wishes.maxStallMs,
        enter: (window) => {
          clearTimeout(timer);
          resolve(window);
        },
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        resolve(null);
      }, wishes.limitMs);
      this.queue.push(waiting);
      this.gather();
    });
  }

  /** Others who became ready in the same moment are to be in the same window. */
  private gather(): void {
    if (this.window || this.gathering || this.queue.length === 0) return;
    this.gathering = true;
    setTimeout(() => {
      this.gathering = false;
      this.open();
    }, gatherMs);
  }

  private open(): void {
    const [first] = this.queue;
    if (this.window || !first) return;
    const next = first.alone ? [first] : this.queue.filter(({ alone }) => !alone).slice(0, this.size);
    for (const one of next) this.queue.splice(this.queue.indexOf(one), 1);
    const maxStallMs = Math.min(...next.map((one) => one.maxStallMs));
    this.window = new HoldWindow(next.length, (longestMs) => {
      this.window = null;
      this.learn(longestMs, next.length, maxStallMs);
      for (const goOn of this.polite.splice(0)) goOn();
      this.gather();
    });
    for (const one of next) one.enter(this.window);
  }

  private learn(heldMs: number, slots: number, maxStallMs: number): void {
    // A small one would not be shorter with fewer slots: a round trip took long, or code ran for the first time.
    const isSmall = slots <= leastSlots;
    if (heldMs > maxStallMs && !isSmall) {
      this.size = Math.max(leastSlots, Math.floor(slots / 2));
      this.careful = true;
    } else if (heldMs <= roomyShare * maxStallMs && slots >= this.size) {
      const more = this.careful ? this.size + carefulStep : Math.floor(this.size * growth);
      this.size = Math.min(mostSlots, more);
    }
  }
}

interface Waiting {
  readonly alone: boolean;
  readonly maxStallMs: number;
  readonly enter: (window: HoldWindow) => void;
}

/** One window: open until nobody has a place in it any more. */
class HoldWindow {
  private present: number;
  private longestMs = 0;
  private readonly steps = new Map<string, StepTogether>();

  constructor(
    slots: number,
    private readonly closed: (longestMs: number) => void,
  ) {
    this.present = slots;
  }

  seat(): Seat & { giveBack(): void } {
    let left = false;
    const come = new Set<StepTogether>();
    const leave = (): void => {
      if (left) return;
      left = true;
      this.leave(come);
    };
    return {
      together: (name, limitMs) => {
        if (left) return Promise.resolve();
        const step = this.step(name);
        come.add(step);
        return step.come(this.present, limitMs);
      },
      served: (heldMs) => {
        this.longestMs = Math.max(this.longestMs, heldMs);
        leave();
      },
      giveBack: leave,
    };
  }

  private step(name: string): StepTogether {
    const known = this.steps.get(name) ?? new StepTogether();
    this.steps.set(name, known);
    return known;
  }

  private leave(come: ReadonlySet<StepTogether>): void {
    this.present -= 1;
    for (const step of this.steps.values()) step.left(come.has(step), this.present);
    if (this.present === 0) this.closed(this.longestMs);
  }
}

/** The windows of each cluster. */
export class WindowsByCluster {
  private readonly windows = new Map<string, HoldWindows>();

  of(cluster: string): HoldWindows {
    const known = this.windows.get(cluster) ?? new HoldWindows();
    this.windows.set(cluster, known);
    return known;
  }
}

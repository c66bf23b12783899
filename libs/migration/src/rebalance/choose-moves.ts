import type { RebalanceLimits } from './limits';
import type { BoardEntry } from './move-board';

/** What the choice among moves is bound by; `nothing-left`: there is none that may be started. */
export type ChoiceBound = 'nothing-left' | 'in-flight' | 'per-source' | 'per-target' | 'slowed-down';

/** What keeps more moves from being started. */
export type Bound =
  | ChoiceBound
  /** All that are left are of slots that other workflows hold. */
  | 'held-by-others'
  /** More moves are stuck than may be. */
  | 'too-many-stuck'
  /** An operator has paused or cancelled the rebalance. */
  | 'stopped'
  /** No window is open. */
  | 'outside-windows';

export interface Choice {
  readonly start: readonly BoardEntry[];
  readonly boundBy: ChoiceBound;
}

/**
 * The moves to start now. Pairs of groups take turns, so that no node does all the work while others wait.
 * @param pace share of the limit in all that may be used, from 0 to 1
 */
export function chooseMoves(board: readonly BoardEntry[], limits: RebalanceLimits, pace: number): Choice {
  const tally = new Tally(board.filter(({ stage }) => stage === 'moving'));
  const allowed = Math.max(1, Math.floor(limits.inFlight * pace));
  const waiting = byPair(board.filter(({ stage }) => stage === 'waiting'));
  const start: BoardEntry[] = [];
  for (;;) {
    if (waiting.every((queue) => queue.length === 0)) return { start, boundBy: 'nothing-left' };
    if (tally.all >= allowed)
      return { start, boundBy: allowed < limits.inFlight ? 'slowed-down' : 'in-flight' };
    const free = waiting.filter(([next]) => next && tally.fits(next, limits));
    const queue = free.reduce<BoardEntry[] | null>(
      (least, one) => (least === null || tally.ofPair(one[0]) < tally.ofPair(least[0]) ? one : least),
      null,
    );
    const next = queue?.shift();
    if (!next) return { start, boundBy: tally.sourcesFull(waiting, limits) ? 'per-source' : 'per-target' };
    tally.add(next);
    start.push(next);
  }
}

function byPair(entries: readonly BoardEntry[]): BoardEntry[][] {
  const queues = new Map<string, BoardEntry[]>();
  for (const entry of entries) queues.set(pairOf(entry), [...(queues.get(pairOf(entry)) ?? []), entry]);
  return [...queues.values()];
}

function pairOf({ move }: BoardEntry): string {
  return `${move.from}>${move.to}`;
}

/** Counts what is on its way. */
class Tally {
  all = 0;
  private readonly counts = new Map<string, number>();

  constructor(moving: readonly BoardEntry[]) {
    for (const entry of moving) this.add(entry);
  }

  add(entry: BoardEntry): void {
    this.all += 1;
    for (const key of [pairOf(entry), `from ${entry.move.from}`, `to ${entry.move.to}`]) {
      this.counts.set(key, this.count(key) + 1);
    }
  }

  fits({ move }: BoardEntry, limits: RebalanceLimits): boolean {
    return (
      this.count(`from ${move.from}`) < limits.perSource && this.count(`to ${move.to}`) < limits.perTarget
    );
  }

  ofPair(entry: BoardEntry | undefined): number {
    return entry ? this.count(pairOf(entry)) : 0;
  }

  sourcesFull(waiting: readonly (readonly BoardEntry[])[], limits: RebalanceLimits): boolean {
    return waiting.every(([next]) => !next || this.count(`from ${next.move.from}`) >= limits.perSource);
  }

  private count(key: string): number {
    return this.counts.get(key) ?? 0;
  }
}

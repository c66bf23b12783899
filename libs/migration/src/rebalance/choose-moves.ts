import { type RebalanceLimits, slotsFirst } from './limits';
import type { BoardEntry } from './move-board';

/** What the choice among moves is bound by; `nothing-left`: there is none that may be started. */
export type ChoiceBound =
  | 'nothing-left'
  | 'in-flight'
  | 'per-source'
  | 'per-target'
  | 'copies-per-source'
  | 'copies-per-target'
  | 'slowed-down';

/** What keeps more moves from being started. */
export type Bound =
  | ChoiceBound
  /** Slots are being created; nothing is handed over before all are there. */
  | 'creating-slots'
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
 * The moves to start now. Slots that are to go first do so wherever a limit lets one of them; else pairs of groups take turns, so
 * that no node does all the work while others wait. Throws SlotListError when what goes first cannot be read.
 * @param pace share of the limit in all that may be used, from 0 to 1
 */
export function chooseMoves(board: readonly BoardEntry[], limits: RebalanceLimits, pace: number): Choice {
  const tally = new Tally(board.filter(({ stage }) => stage === 'moving'));
  const allowed = Math.max(1, Math.floor(limits.inFlight * pace));
  const goesFirst = slotsFirst(limits);
  const waiting = byPair(board.filter(({ stage }) => stage === 'waiting')).map((queue) =>
    [...queue].sort((a, b) => Number(goesFirst(b.move)) - Number(goesFirst(a.move))),
  );
  const start: BoardEntry[] = [];
  for (;;) {
    if (waiting.every((queue) => queue.length === 0)) return { start, boundBy: 'nothing-left' };
    if (tally.all >= allowed)
      return { start, boundBy: allowed < limits.inFlight ? 'slowed-down' : 'in-flight' };
    const free = waiting.filter(([next]) => next && tally.fits(next, limits));
    const preferred = free.filter(([next]) => next && goesFirst(next.move));
    const queue = (preferred.length > 0 ? preferred : free).reduce<BoardEntry[] | null>(
      (least, one) => (least === null || tally.ofPair(one[0]) < tally.ofPair(least[0]) ? one : least),
      null,
    );
    const next = queue?.shift();
    if (!next) return { start, boundBy: tally.fullest(waiting, limits) };
    tally.add(next);
    start.push(next);
  }
}

/** Moves that may cost a copy have a queue of their own: others need not wait behind them. */
function byPair(entries: readonly BoardEntry[]): BoardEntry[][] {
  const queues = new Map<string, BoardEntry[]>();
  for (const entry of entries) {
    const name = `${pairOf(entry)}${entry.mayCopy ? ' copies' : ''}`;
    const queue = queues.get(name);
    if (queue) queue.push(entry);
    else queues.set(name, [entry]);
  }
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
    const { from, to } = entry.move;
    const copies = entry.mayCopy ? [`copies from ${from}`, `copies to ${to}`] : [];
    for (const key of [pairOf(entry), `from ${from}`, `to ${to}`, ...copies]) {
      this.counts.set(key, this.count(key) + 1);
    }
  }

  fits(entry: BoardEntry, limits: RebalanceLimits): boolean {
    return this.obstacle(entry, limits) === null;
  }

  ofPair(entry: BoardEntry | undefined): number {
    return entry ? this.count(pairOf(entry)) : 0;
  }

  /** What keeps the next of each pair from being started, of the first pair that has one. */
  fullest(waiting: readonly (readonly BoardEntry[])[], limits: RebalanceLimits): ChoiceBound {
    const [first] = waiting.flatMap(([next]) => (next ? [this.obstacle(next, limits)] : []));
    return first ?? 'nothing-left';
  }

  private obstacle({ move, mayCopy }: BoardEntry, limits: RebalanceLimits): ChoiceBound | null {
    const { from, to } = move;
    if (this.count(`from ${from}`) >= limits.perSource) return 'per-source';
    if (this.count(`to ${to}`) >= limits.perTarget) return 'per-target';
    if (!mayCopy) return null;
    if (this.count(`copies from ${from}`) >= limits.copiesPerSource) return 'copies-per-source';
    return this.count(`copies to ${to}`) >= limits.copiesPerTarget ? 'copies-per-target' : null;
  }

  private count(key: string): number {
    return this.counts.get(key) ?? 0;
  }
}

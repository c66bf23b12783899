import type { Bound } from './choose-moves';
import { type BoardEntry, countStages } from './move-board';
import type { Pace } from './pace';

/** Where a rebalance stands, for people and pages. */
export type RebalanceProgress = {
  readonly total: number;
  readonly moved: number;
  readonly moving: number;
  readonly waiting: number;
  readonly stuck: number;
  readonly skipped: number;
  /** What binds. */
  readonly boundBy: Bound;
  readonly pace: number;
  readonly paceBecause: string;
  /** When the next window opens, ISO 8601 UTC; null while one is open, or when none ever will. */
  readonly opensAt: string | null;
  /** Moves completed per second since the first one was started; null before the first has ended. */
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
  /** How long clients of one slot were held, over the slots moved so far, in milliseconds. */
  readonly held: { readonly median: number; readonly p99: number; readonly max: number } | null;
};

/** Sums up a board. `startedAt` and `now` are wall clock milliseconds. */
export function progressOf(
  board: readonly BoardEntry[],
  bound: { readonly by: Bound; readonly opensAt: number | null },
  pace: Pace,
  heldMs: readonly number[],
  startedAt: number,
  now: number,
): RebalanceProgress {
  const counts = countStages(board);
  const seconds = (now - startedAt) / 1_000;
  const rate = heldMs.length > 0 && seconds > 0 ? heldMs.length / seconds : null;
  const left = counts.waiting + counts.moving;
  return {
    total: board.length,
    ...counts,
    boundBy: bound.by,
    pace: pace.share,
    paceBecause: pace.why,
    opensAt: bound.opensAt === null ? null : new Date(bound.opensAt).toISOString(),
    ratePerSecond: rate === null ? null : Math.round(rate * 100) / 100,
    etaSeconds: rate === null ? null : Math.round(left / rate),
    held: heldMs.length === 0 ? null : distribution(heldMs),
  };
}

function distribution(values: readonly number[]): { median: number; p99: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p99: at(0.99), max: at(1) };
}

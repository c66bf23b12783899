import { type HoldWindow, type Moved } from './moved';
import { type Wait, type WriterReport } from './writers';

/** Median, 99th percentile and largest of some times, in milliseconds. */
export interface Spread {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** What one way came to. */
export interface WayOutcome {
  readonly name: string;
  readonly slots: number;
  readonly seconds: number;
  readonly slotsPerSecond: number;
  readonly held: Spread;
  /** Over the writes that met a hold: how long each waited for its answer. */
  readonly stall: Spread;
  readonly stalledWrites: number;
  readonly longestWriteMs: number;
  readonly writes: number;
  readonly lost: number;
  readonly errors: number;
  /** Slots that did not come to where they belong. */
  readonly astray: number;
}

/** A write of a slot being handed over that was answered sooner was not held: others take as long now and then. In milliseconds. */
const stalledFromMs = 5;

export function outcomeOf(name: string, moved: Moved, report: WriterReport, settled: number): WayOutcome {
  const slots = moved.heldMs.length;
  const stalls = stallsOf(report.waits, moved.windows);
  return {
    name,
    slots,
    seconds: moved.seconds,
    slotsPerSecond: slots / moved.seconds,
    held: spreadOf(moved.heldMs),
    stall: spreadOf(stalls),
    stalledWrites: stalls.length,
    longestWriteMs: Math.max(0, ...report.waits.map(({ from, to }) => to - from)),
    writes: report.acknowledged,
    lost: report.lost.length,
    errors: report.errors.length,
    astray: slots - settled,
  };
}

/** How long the writes waited that were under way to a slot while that was handed over. */
function stallsOf(waits: readonly Wait[], windows: readonly HoldWindow[]): number[] {
  const bySlot = new Map(windows.map((window) => [window.slot, window]));
  return waits.flatMap(({ slot, from, to }) => {
    const window = bySlot.get(slot);
    const met = window && from <= window.to && to >= window.from && to - from >= stalledFromMs;
    return met ? [to - from] : [];
  });
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p99: at(0.99), max: at(1) };
}

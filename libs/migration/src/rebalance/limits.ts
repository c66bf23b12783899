import type { Windows } from './windows';

/** How hard a rebalance may go at the cluster. All can be changed while it runs. */
export type RebalanceLimits = {
  /** Moves on the way at a time, in all. */
  readonly inFlight: number;
  /** Of these, so many from one group. Each may cost its master a full copy. */
  readonly perSource: number;
  /** Of these, so many to one group. */
  readonly perTarget: number;
  /** Moves that may be stuck or failed before nothing new is started. */
  readonly maxFailed: number;
  /** Times of day, UTC, as `01:00-06:00`. Outside of them nothing is started and nothing handed over; without any, always. */
  readonly windows?: Windows;
};

export const defaultRebalanceLimits: RebalanceLimits = {
  inFlight: 16,
  perSource: 8,
  perTarget: 16,
  maxFailed: 10,
};

/** Smallest and largest value of each limit that is a number. */
export const limitRanges: {
  readonly [K in Exclude<keyof RebalanceLimits, 'windows'>]: readonly [number, number];
} = {
  inFlight: [1, 256],
  perSource: [1, 256],
  perTarget: [1, 256],
  maxFailed: [0, 1_024],
};

/** Limits after the changes of operators; what is not given stays. */
export function withChanges(
  limits: RebalanceLimits,
  changes: { readonly [name: string]: unknown },
): RebalanceLimits {
  const changed = { ...limits };
  for (const name of Object.keys(limitRanges) as (keyof typeof limitRanges)[]) {
    const value = changes[name];
    if (typeof value === 'number') Object.assign(changed, { [name]: value });
  }
  const { windows } = changes;
  return isWindows(windows) ? { ...changed, windows } : changed;
}

function isWindows(value: unknown): value is Windows {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

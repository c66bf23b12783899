import { keyOf, parseTableSlots, SlotListError, type SlotRef } from '@slotferry/cluster';
import type { Windows } from './windows';

/** How hard a rebalance may go at the cluster, and what goes first. All can be changed while it runs. */
export type RebalanceLimits = {
  /** Moves on the way at a time, in all. */
  readonly inFlight: number;
  /** Of these, so many from one group. */
  readonly perSource: number;
  /** Of these, so many to one group. */
  readonly perTarget: number;
  /** Of those from one group, so many may cost its master a full copy of the slot at the same time. */
  readonly copiesPerSource: number;
  /** Of those to one group, so many may be copied in full at the same time. */
  readonly copiesPerTarget: number;
  /** Moves that may be stuck or failed before nothing new is started. */
  readonly maxFailed: number;
  /** Times of day, UTC, as `01:00-06:00`. Outside of them nothing is started and nothing handed over; without any, always. */
  readonly windows?: Windows;
  /** Slots of one table that go before all others: `10-20,30` of table 0, `1/10-20,30` of table 1. The empty text: none. */
  readonly first?: string;
};

export const defaultRebalanceLimits: RebalanceLimits = {
  inFlight: 512,
  perSource: 512,
  perTarget: 512,
  copiesPerSource: 4,
  copiesPerTarget: 8,
  maxFailed: 10,
};

/** Smallest and largest value of each limit that is a number. */
export const limitRanges: {
  readonly [K in Exclude<keyof RebalanceLimits, 'windows' | 'first'>]: readonly [number, number];
} = {
  inFlight: [1, 1_024],
  perSource: [1, 1_024],
  perTarget: [1, 1_024],
  copiesPerSource: [1, 256],
  copiesPerTarget: [1, 256],
  maxFailed: [0, 1_024],
};

/** The limits among some values; what is not given is left out. */
export function givenLimits(values: Partial<RebalanceLimits>): Partial<RebalanceLimits> {
  const names = [...Object.keys(limitRanges), 'windows', 'first'] as (keyof RebalanceLimits)[];
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
}

/** Limits after the changes of operators; what is not given stays. */
export function withChanges(
  limits: RebalanceLimits,
  changes: { readonly [name: string]: unknown },
): RebalanceLimits {
  // Plans that were stored before a limit was known lack it.
  const changed = { ...defaultRebalanceLimits, ...limits };
  for (const name of Object.keys(limitRanges) as (keyof typeof limitRanges)[]) {
    const value = changes[name];
    if (typeof value === 'number') Object.assign(changed, { [name]: value });
  }
  const { windows, first } = changes;
  return {
    ...changed,
    ...(isWindows(windows) && { windows }),
    ...(typeof first === 'string' && firstProblem(first) === null && { first }),
  };
}

/** What is wrong with the text of the slots that go first, or null when they can be read. */
export function firstProblem(text: string): string | null {
  try {
    if (text !== '') parseTableSlots(text);
    return null;
  } catch (error) {
    if (error instanceof SlotListError) return `${error.message}. ${error.remedy}`;
    throw error;
  }
}

/** Whether a slot is one of those that go first. Throws SlotListError when `first` cannot be read. */
export function slotsFirst({ first = '' }: RebalanceLimits): (slot: SlotRef) => boolean {
  if (first === '') return () => false;
  const slots = new Set(parseTableSlots(first).map(keyOf));
  return (slot) => slots.has(keyOf(slot));
}

function isWindows(value: unknown): value is Windows {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

import { type FailoverPolicy, slotOfKey } from '@slotferry/cluster';

/** How a node is probed. Times in milliseconds. */
export interface ProbePlan {
  /** Between two questions whether it answers. */
  readonly pingMs: number;
  /** Between two attempts at a node that does not answer. */
  readonly retryMs: number;
  /** A connection or an answer that takes longer does not come. */
  readonly limitMs: number;
  /** An answer that takes longer is slow. */
  readonly slowMs: number;
  readonly downAfterMs: number;
  /** A key in one of its slots, read to see whether data commands are held up; null where there is none. */
  readonly dataKey: string | null;
}

const replicaPingMs = 1_000;
const suspectPingMs = 200;

/** Masters are asked often enough that a death is noticed in the first fifth of the down-after time. */
export function planForMaster(
  { downAfterMs }: Pick<FailoverPolicy, 'downAfterMs'>,
  dataKey: string | null,
): ProbePlan {
  const pingMs = clamp(downAfterMs / 5, 100, 1_000);
  return { ...limits(downAfterMs), pingMs, retryMs: Math.min(pingMs, suspectPingMs), dataKey };
}

/** Replicas are asked every second. */
export function planForReplica({ downAfterMs }: Pick<FailoverPolicy, 'downAfterMs'>): ProbePlan {
  return { ...limits(downAfterMs), pingMs: replicaPingMs, retryMs: replicaPingMs, dataKey: null };
}

/** A key of a slot, the same one every time. Without braces, so that every version of Pika finds it there. */
export function keyInSlot(slot: number, slots: number): string {
  for (let number = 0; ; number += 1) {
    const key = `slotferry-watch-${number}`;
    if (slotOfKey(key, slots) === slot) return key;
  }
}

function limits(downAfterMs: number): Pick<ProbePlan, 'limitMs' | 'slowMs' | 'downAfterMs'> {
  const limitMs = clamp(downAfterMs / 2, 250, 1_000);
  return { limitMs, slowMs: limitMs / 2, downAfterMs };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

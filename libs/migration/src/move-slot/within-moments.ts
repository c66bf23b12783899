import type { Outcome } from '@slotferry/workflow';
import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks, in milliseconds. */
const pauses = [5, 10, 20, 40];

/**
 * Looks again a few times, within a tenth of a second, before it says that something has to be waited for: a turn in the queue costs
 * more than such a look.
 */
export async function withinMoments<T extends Outcome | string | null>(look: () => Promise<T>): Promise<T> {
  for (const ms of pauses) {
    const outcome = await look();
    if (outcome === null || typeof outcome === 'string' || outcome.kind !== 'wait') return outcome;
    await pause(ms);
  }
  return look();
}

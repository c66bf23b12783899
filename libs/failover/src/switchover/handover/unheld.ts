import type { TableSlots } from '@slotferry/cluster';
import { sleep } from '@slotferry/platform';
import { lookAtCopies } from '../../slots/copies';
import { refsOf } from '../../slots/slot-lists';
import { judgeCopies } from '../judge-copies';
import type { Stage } from '../stage';
import { timing } from '../timing';

/** Waits for a moment in which nothing is missing at the replica, for a short while: without a hold there may be none. */
export async function waitForReplication(stage: Stage, slots: readonly TableSlots[]): Promise<void> {
  const until = performance.now() + timing.unheldWait;
  while (slots.length > 0 && performance.now() < until) {
    const [master, replica] = await Promise.all([
      lookAtCopies(stage.from, slots),
      lookAtCopies(stage.to, slots),
    ]);
    if (judgeCopies(refsOf(slots), master, replica).level) return;
    await sleep(timing.heldPoll);
  }
}

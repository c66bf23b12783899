import { type TableSlots } from '@slotferry/cluster';
import { PikaError } from '@slotferry/pika';
import { sleep, TimeLimitError, withTimeout } from '@slotferry/platform';
import type { SlotPositions } from '../../store/types';
import { type Copies, lookAtCopies, positionsOf } from '../../slots/copies';
import { refsOf } from '../../slots/slot-lists';
import { judgeCopies } from '../judge-copies';
import { PathProblem } from '../path-problem';
import { samePositions } from '../../slots/positions';
import type { Stage } from '../stage';
import { timing } from '../timing';
import { DrainProof } from './drain-proof';
import type { GroupHold } from './group-hold';

/** While every proxy holds: waits until nothing is missing at the new master. Throws a PathProblem when the budget is used up before. */
export async function drain(
  stage: Stage,
  slots: readonly TableSlots[],
  hold: GroupHold,
): Promise<SlotPositions> {
  const { from, to } = stage;
  const proof = new DrainProof();
  for (;;) {
    if (hold.heldMs > hold.budgetMs) {
      throw new PathProblem(
        'hold-budget-exceeded',
        `${to.address} did not get all that ${from.address} has within the hold budget of ${hold.budgetMs} ms`,
      );
    }
    const looking = Promise.all([lookAtCopies(from, slots), lookAtCopies(to, slots)]);
    const [master, replica] = await withTimeout(looking, hold.leftMs, 'both nodes to tell how far they are');
    const { loose, level } = judgeCopies(refsOf(slots), master, replica);
    if (loose[0]) throw new PathProblem(loose[0].code, loose[0].message);
    const drained = proof.add(level ? positionsOf(master, slots) : null);
    if (drained) return drained;
    if (!proof.nearlyProven) await sleep(timing.heldPoll);
  }
}

/** Throws a PathProblem unless both nodes stand where they were drained and the new master follows nobody. */
export async function requireDrained(
  stage: Stage,
  slots: readonly TableSlots[],
  drained: SlotPositions,
): Promise<void> {
  const [master, replica] = await Promise.all([
    lookAtCopies(stage.from, slots),
    lookAtCopies(stage.to, slots),
  ]);
  requireStill(master, slots, drained);
  requireDetached(replica, slots, drained);
}

/** The same where the old master may be gone, or hang: nobody can write to it then, and held clients do not wait for it. */
export async function requireDrainedIfThere(
  stage: Stage,
  slots: readonly TableSlots[],
  drained: SlotPositions,
): Promise<void> {
  const [master, replica] = await Promise.all([
    withTimeout(lookAtCopies(stage.from, slots), timing.lastLook, stage.from.address).catch(
      (error: unknown) => {
        if (error instanceof PikaError || error instanceof TimeLimitError) return null;
        throw error;
      },
    ),
    lookAtCopies(stage.to, slots),
  ]);
  if (master) requireStill(master, slots, drained);
  requireDetached(replica, slots, drained);
}

function requireStill(master: Copies, slots: readonly TableSlots[], drained: SlotPositions): void {
  if (samePositions(positionsOf(master, slots), drained)) return;
  throw new PathProblem(
    'hold-lost',
    `${master.address} took a write while its slots were held: somebody ended the hold`,
  );
}

function requireDetached(replica: Copies, slots: readonly TableSlots[], drained: SlotPositions): void {
  const attached = refsOf(slots).find((ref) => replica.of(ref)?.following);
  if (attached) {
    throw new PathProblem(
      'replica-attached',
      `${replica.address} still follows its master for slot ${attached.slot}`,
    );
  }
  if (samePositions(positionsOf(replica, slots), drained)) return;
  throw new PathProblem('hold-lost', `${replica.address} does not stand where it was detached`);
}

import { type Outcome, wait } from '@slotferry/workflow';
import { attachmentOutcome, detachAll } from '../attachment/attachment-outcome';
import { awaitsFullCopy, driveAttachment } from '../attachment/drive-attachment';
import type { Cast, MoveContext } from './cast';
import { beganEmpty } from './created-slots';
import { discardApproval } from './approvals';

/** Attaches again what has come off: a node that restarted forgets whom it followed. Null when all follow. */
export async function repairAttachments(context: MoveContext, cast: Cast): Promise<Outcome | null> {
  return (await driveTo(context, cast, 'target')) ?? (await driveTo(context, cast, 'replicas'));
}

/** The same for the replicas of a target that is the slot's master by now. */
export async function driveTo(
  context: MoveContext,
  cast: Cast,
  who: 'target' | 'replicas',
): Promise<Outcome | null> {
  const parting = who === 'target' ? await partReplicas(context, cast) : null;
  if (parting) return parting;
  const pairs =
    who === 'target'
      ? [{ follower: cast.targetMaster, master: cast.sourceMaster }]
      : cast.targetReplicas.map((follower) => ({ follower, master: cast.targetMaster }));
  for (const { follower, master } of pairs) {
    const progress = await driveAttachment(context, {
      follower,
      master,
      table: cast.table,
      slots: [cast.slot],
      mayDiscard: () => beganEmpty(context, follower.address),
      discardApproved: context.approved(discardApproval),
      ...chainOf(cast),
    });
    const outcome = attachmentOutcome(context, progress, discardApproval);
    if (outcome) return outcome;
  }
  return null;
}

/** After a failover of the source the target is copied to anew; what follows it meanwhile would break. Null when nothing does. */
async function partReplicas(context: MoveContext, cast: Cast): Promise<Outcome | null> {
  const { targetMaster, targetReplicas, mayBeFollowed, slot, table } = cast;
  if (mayBeFollowed.length === 0 || !awaitsFullCopy(context, targetMaster.address, slot, chainOf(cast)))
    return null;
  if (!beganEmpty(context, targetMaster.address) && !context.approved(discardApproval)) return null;
  for (const replica of targetReplicas) {
    const left = await detachAll(context, replica, mayBeFollowed, [slot], table);
    if (left) return wait('detaching', left, 50);
  }
  return null;
}

/** Everything on the target's side comes from the source's master, directly or by way of the target's. */
export function chainOf({ sourceMaster, mayBeFollowed }: Cast): {
  origin: string;
  mayBeFollowed: readonly string[];
} {
  return { origin: sourceMaster.address, mayBeFollowed };
}

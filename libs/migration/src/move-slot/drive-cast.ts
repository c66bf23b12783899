import type { Outcome } from '@slotferry/workflow';
import { attachmentOutcome } from '../attachment/attachment-outcome';
import { driveAttachment } from '../attachment/drive-attachment';
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
    });
    const outcome = attachmentOutcome(context, progress, discardApproval);
    if (outcome) return outcome;
  }
  return null;
}

import { done, type Outcome, type Phase, wait } from '@slotferry/workflow';
import { detachAll } from '../../attachment/attachment-outcome';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { tolerant } from '../../outcomes';
import { type MoveContext, recallCast, requireCast } from '../cast';
import { driveTo } from '../drive-cast';
import { withinMoments } from '../within-moments';

/** Lets the target group's master follow the source's master for the slot, until it holds what the source held when it began. */
export class AttachMaster implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'attach-master';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      return (await withinMoments(() => driveTo(context, cast, 'target'))) ?? done();
    });
  }

  undo(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await recallCast(context, this.clusters);
      if (!cast) return done();
      const left = await detachAll(
        context,
        cast.targetMaster,
        [cast.sourceMaster.address, ...cast.mayBeFollowed],
        [cast.slot],
        cast.table,
      );
      return left ? wait('detaching', left, 100) : done();
    });
  }
}

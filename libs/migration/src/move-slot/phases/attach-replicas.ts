import { done, type Outcome, type Phase, wait } from '@slotferry/workflow';
import { detachAll } from '../../attachment/attachment-outcome';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { tolerant } from '../../outcomes';
import { type MoveContext, recallCast, requireCast } from '../cast';
import { driveTo } from '../drive-cast';
import { withinMoments } from '../within-moments';

/**
 * Lets the target group's replicas follow its master. Only after the master is ready: behind a master that is still being
 * copied to, a replica's own copy breaks.
 */
export class AttachReplicas implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'attach-replicas';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      return (
        (await withinMoments(() => driveTo(context, cast, 'replicas'))) ??
        done({ replicas: cast.targetReplicas.length })
      );
    });
  }

  undo(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await recallCast(context, this.clusters);
      if (!cast) return done();
      for (const replica of cast.targetReplicas) {
        const masters = [cast.targetMaster.address, ...cast.mayBeFollowed];
        const left = await detachAll(context, replica, masters, [cast.slot], cast.table);
        if (left) return wait('detaching', left, 100);
      }
      return done();
    });
  }
}

import type { Outcome, Phase } from '@slotferry/workflow';
import type { ClusterSource } from '../../cluster-source';
import type { MoveSlotInput } from '../../definitions';
import { tolerant } from '../../outcomes';
import { type MoveContext, requireCast } from '../cast';
import { HandoverRun } from '../handover/handover-run';

/** Hold, drain and confirm-route: one job, because every step between them costs clients time. */
export class Handover implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'handover';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => new HandoverRun(context, await requireCast(context, this.clusters)).run());
  }

  undo(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => new HandoverRun(context, await requireCast(context, this.clusters)).undo());
  }
}

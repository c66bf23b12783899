import { formatByteSize } from '@slotferry/cluster';
import { done, type Outcome, type Phase, wait } from '@slotferry/workflow';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { tolerant } from '../../outcomes';
import { type MoveContext, requireCast } from '../cast';
import { lookAtReadiness } from '../readiness';
import { repairAttachments } from '../drive-cast';

/** Between two looks, in milliseconds: close together at first, then not to be a burden. */
const pollMs = { first: 50, last: 1_000 };

/** Waits until the target's master and its replicas are near the source at the same time. */
export class CatchUp implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'catch-up';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      const { lagThresholdBytes } = cast.cluster.definition.migration;
      const readiness = await lookAtReadiness(cast, context.now());
      if (readiness.kind === 'broken') {
        const repair = await repairAttachments(context, cast);
        return repair ?? wait('attaching', readiness.message, pollMs.first);
      }
      const { targetLag, replicaLag } = readiness;
      if (Math.max(targetLag, replicaLag) <= lagThresholdBytes) return done({ targetLag, replicaLag });
      return wait(
        'catching-up',
        `${cast.targetMaster.address} is ${formatByteSize(targetLag)} behind, its replicas ${formatByteSize(replicaLag)}; the handover begins at ${formatByteSize(lagThresholdBytes)}`,
        Math.min(pollMs.last, Math.max(pollMs.first, context.elapsedMs() / 20)),
        { targetLag, replicaLag, threshold: lagThresholdBytes },
      );
    });
  }
}

import { done, type Outcome, type Phase } from '@slotferry/workflow';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { block, tolerant } from '../../outcomes';
import { type MoveContext, requireCast } from '../cast';
import { driveTo } from '../drive-cast';
import { levelReplicas, sourceMoved, targetReplaced } from '../proofs';
import { compareSamples, type SampleResult } from '../sample';

/** An operator's word that a target whose samples differ is right. */
const sampleApproval = 'samples-differ';
const notCompared: SampleResult = { compared: 0, wrong: 0, rewritten: 0, example: '' };

/** Proves that nothing was left behind at the source, and that the new replicas follow. */
export class Verify implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'verify';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      const replaced = targetReplaced(context, cast);
      if (replaced) return replaced;
      const drainedFrom = cast.sourceMaster.address === cast.drainedFrom;
      // A source that took over after the drain may lack the end of it, and a target that did may lack more.
      const handedTo = cast.targetMaster.address === cast.handedTo;
      const comparable = cast.table === 0 && drainedFrom && handedTo;
      // Side by side: the nodes are looked at once for all of it.
      const [moved, samples, replicas, level] = await Promise.all([
        sourceMoved(context, cast),
        comparable ? compareSamples(cast) : notCompared,
        handedTo ? driveTo(context, cast, 'replicas') : null,
        handedTo ? levelReplicas(context, cast) : [],
      ]);
      if (moved) return moved;
      if (samples.wrong > 0 && !context.approved(sampleApproval)) {
        return block(
          sampleApproval,
          `${samples.wrong} of ${samples.compared} keys sampled from ${cast.sourceMaster.address} are not the same on ${cast.targetMaster.address}, for example ${samples.example}`,
          `The source's copy is kept. Compare the copies; go on only if the target's is right: slotferry workflow approve <id> --code ${sampleApproval}`,
        );
      }
      if (!handedTo) {
        return done({ sampled: 0, rewrittenSince: 0, replicas: `in the care of group ${cast.to}` });
      }
      if (replicas) return replicas;
      context.record({ level });
      const facts = { sampled: samples.compared, rewrittenSince: samples.rewritten };
      return done(drainedFrom ? facts : { ...facts, notCompared: `${cast.drainedFrom} was replaced` });
    });
  }
}

import { formatPosition, parsePosition, positionsEqual } from '@slotferry/cluster';
import { done, type Outcome, type Phase } from '@slotferry/workflow';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { block, tolerant } from '../../outcomes';
import { type Cast, type MoveContext, requireCast } from '../cast';
import { driveTo } from '../drive-cast';
import { compareSamples } from '../sample';

/** An operator's word that a source which moved after the drain may be given up. */
const leakApproval = 'source-moved';
const sampleApproval = 'samples-differ';

/** Proves that nothing was left behind at the source, and that the new replicas follow. */
export class Verify implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'verify';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      const leak = await sourceMoved(context, cast);
      if (leak) return leak;
      const samples = cast.table === 0 ? await compareSamples(cast) : null;
      if (samples && samples.wrong > 0 && !context.approved(sampleApproval)) {
        return block(
          sampleApproval,
          `${samples.wrong} of ${samples.compared} keys sampled from ${cast.sourceMaster.address} are not the same on ${cast.targetMaster.address}, for example ${samples.example}`,
          `The source's copy is kept. Compare the copies; go on only if the target's is right: slotferry workflow approve <id> --code ${sampleApproval}`,
        );
      }
      const replicas = await driveTo(context, cast, 'replicas');
      return replicas ?? done({ sampled: samples?.compared ?? 0, rewrittenSince: samples?.rewritten ?? 0 });
    });
  }
}

/** A source whose position moved after the drain took a write that the target never got. Null when it stands still. */
export async function sourceMoved(context: MoveContext, cast: Cast): Promise<Outcome | null> {
  const { drained } = context.facts;
  const { sourceMaster, slot, table } = cast;
  const info = await sourceMaster.slot(slot, table);
  if (!info || typeof drained !== 'string' || context.approved(leakApproval)) return null;
  if (positionsEqual(info.position, parsePosition(drained))) return null;
  return block(
    leakApproval,
    `${sourceMaster.address} took writes of slot ${slot} after it was drained: it stands at ${formatPosition(info.position)}, drained at ${drained}. They are not at ${cast.targetMaster.address}`,
    `The source's copy is kept. Bring those writes over from it, then: slotferry workflow approve <id> --code ${leakApproval}`,
  );
}

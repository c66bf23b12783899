import { done, type Outcome, wait } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { driveRejoin } from '../attach/drive-rejoin';
import { differApproval, givenUp, recordDiffering, rejoinOutcome } from '../attach/rejoin-outcome';
import { describeSlots } from '../../slots/slot-lists';
import { tell } from '../news';
import { requirePlan } from '../rejoin-plan';
import type { RejoinContext, RejoinScene } from '../rejoin-scene';
import { sampleCopies } from '../sample-copies';
import { RejoinPhase } from './rejoin-phase';

/** Pause between two looks at a lag, in milliseconds. */
const lagPollMs = 200;

/** Proves that every slot follows: attached, little lag, keys of a sample equal. What has come off meanwhile is attached again. */
export class RejoinVerify extends RejoinPhase {
  readonly name = 'verify';

  protected async work(context: RejoinContext, scene: RejoinScene): Promise<Outcome> {
    const { cluster, node, master } = scene;
    const progress = await driveRejoin(context, scene, givenUp(context));
    const outcome = rejoinOutcome(context, scene, progress);
    if (outcome) return outcome;
    if (progress.lag > cluster.definition.migration.lagThresholdBytes) {
      return wait('lagging', `${node.address} is ${progress.lag} bytes behind ${master.address}`, lagPollMs, {
        lag: progress.lag,
      });
    }
    const { diverged } = requirePlan(context);
    const sample = await sampleCopies(node, master, diverged, scene.slots);
    if (sample.differing.length > 0) return this.differ(context, scene, sample.differing);
    await tell(this.parts, context, {
      event: 'rejoin-completed',
      kind: 'finding',
      code: 'rejoined',
      message: `${node.address} follows ${master.address} again with ${progress.total} slots`,
      details: { node: node.address, finding: context.input.finding, replaced: diverged.length },
    });
    return done({ slots: progress.total, compared: sample.compared });
  }

  private differ(
    context: RejoinContext,
    { node, master }: RejoinScene,
    differing: Parameters<typeof recordDiffering>[1],
  ): Outcome {
    recordDiffering(context, differing);
    return block(
      differApproval,
      `${describeSlots(differing)} of ${node.address} follow ${master.address} at the same position and hold other keys or values`,
      `Read at ${node.address} what is needed; then let the copies be replaced: slotferry workflow approve <id> --code ${differApproval}`,
    );
  }
}

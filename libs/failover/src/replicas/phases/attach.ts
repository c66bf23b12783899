import { done, type Outcome } from '@slotferry/workflow';
import { driveRejoin } from '../attach/drive-rejoin';
import { givenUp, rejoinOutcome } from '../attach/rejoin-outcome';
import type { RejoinContext, RejoinScene } from '../rejoin-scene';
import { RejoinPhase } from './rejoin-phase';

/** Attaches every slot of the node to the master, until each has all that the master had. */
export class RejoinAttach extends RejoinPhase {
  readonly name = 'attach';

  protected async work(context: RejoinContext, scene: RejoinScene): Promise<Outcome> {
    const progress = await driveRejoin(context, scene, givenUp(context));
    return rejoinOutcome(context, scene, progress) ?? done({ slots: progress.total });
  }
}

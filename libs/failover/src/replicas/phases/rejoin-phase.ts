import type { Outcome, Phase } from '@slotferry/workflow';
import { tolerant } from '../../outcomes';
import type { FailoverParts } from '../../parts';
import { isScene, openScene, type RejoinContext, type RejoinScene } from '../rejoin-scene';

/**
 * What the phases of a rejoin have in common. None has an undo: a copy that follows its master is never worse than one that does
 * not, and what was discarded cannot be brought back; it is in the files that were written before.
 */
export abstract class RejoinPhase implements Phase<RejoinContext['input']> {
  readonly workflow = 'rejoin';
  abstract readonly name: string;

  constructor(protected readonly parts: FailoverParts) {}

  run(context: RejoinContext): Promise<Outcome> {
    return tolerant(async () => {
      const scene = await openScene(context, this.parts.clusters);
      return isScene(scene) ? this.work(context, scene) : scene;
    });
  }

  protected abstract work(context: RejoinContext, scene: RejoinScene): Promise<Outcome>;
}

import type { Outcome, Phase } from '@slotferry/workflow';
import { tolerant } from '../../outcomes';
import type { FailoverParts } from '../../parts';
import { tell } from '../news';
import { isScene, openScene, type RejoinContext, type RejoinScene } from '../rejoin-scene';

/**
 * What the phases of a rejoin have in common. None has an undo: a copy that follows its master is never worse than one that does
 * not, and what was discarded cannot be brought back; it is in the files that were written before.
 */
export abstract class RejoinPhase implements Phase<RejoinContext['input']> {
  readonly workflow = 'rejoin';
  abstract readonly name: string;

  constructor(protected readonly parts: FailoverParts) {}

  async run(context: RejoinContext): Promise<Outcome> {
    const outcome = await tolerant(async () => {
      const scene = await openScene(context, this.parts.clusters);
      return isScene(scene) ? this.work(context, scene) : scene;
    });
    if (outcome.kind === 'blocked' && context.state.blocked?.problem.code !== outcome.problem.code) {
      const { code, message } = outcome.problem;
      await tell(this.parts, context, { event: 'rejoin-blocked', kind: 'non-decision', code, message });
    }
    return outcome;
  }

  protected abstract work(context: RejoinContext, scene: RejoinScene): Promise<Outcome>;
}

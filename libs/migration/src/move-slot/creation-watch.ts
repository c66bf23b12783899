import type { PhaseContext } from '@slotferry/workflow';
import type { MoveSlotInput } from '../definitions';

/** Fact of a rebalance: no slot is created for it any more, so its moves may hand over. */
export const allCreatedFact = 'allCreated';

/** What a move waits for that may not hand over yet. */
export const beingCreated = 'slots-being-created';

/** Knows of the rebalances of this process whether all their slots are created. */
export class CreationWatch {
  /** The last one that was seen to have created all. */
  private done: string | null = null;

  /** May a move that its rebalance started while slots were still being created hand over? */
  async isOver(context: PhaseContext<MoveSlotInput>): Promise<boolean> {
    const { parent } = context.state;
    if (parent !== null && parent === this.done) return true;
    const created = (await context.parentFacts())[allCreatedFact] === true;
    if (created) this.done = parent;
    return created;
  }
}

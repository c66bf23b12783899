import type { SlotPositions } from '../../store/types';
import { samePositions } from '../../slots/positions';

/**
 * Collects looks until two in a row are level at the same positions: a request that was still on its way when the first was taken
 * would have moved one of them.
 */
export class DrainProof {
  private last: SlotPositions | null = null;

  /** `level`: where all slots stand when nothing is missing at the replica, else null. Gives the drained positions once they are proven. */
  add(level: SlotPositions | null): SlotPositions | null {
    const before = this.last;
    this.last = level;
    return before && level && samePositions(before, level) ? level : null;
  }

  /** True when one more level look completes the proof. */
  get nearlyProven(): boolean {
    return this.last !== null;
  }
}

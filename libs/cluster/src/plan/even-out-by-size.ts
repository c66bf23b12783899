import { LoadBoard } from './load-board';
import { compareSlots, keyOf, type Ownership, type SlotMove } from './slot-move';
import { type Weights } from './shares';

/** Size of a slot by `table/slot`: keys, bytes or operations per second, whatever is to be evened out. Unknown slots count as 0. */
export type SlotSizes = ReadonlyMap<string, number>;

/**
 * Moves after which no group is further from its weighted share of the whole size than `tolerance` (as a part of that share: 0.05 is
 * 5 %), or no move of a single slot would bring one that is further away nearer to it. A slot that is larger than a share keeps its
 * group above it; the other groups are evened out around that.
 *
 * Each step moves the slot that comes nearest to what one group has too much and another one too little, and never makes the largest
 * difference larger. Groups without a weight give everything away. Deterministic; planned again when it is done, nothing moves.
 */
export function evenOutBySize(
  owned: readonly Ownership[],
  weights: Weights,
  sizes: SlotSizes,
  tolerance: number,
): SlotMove[] {
  const board = new LoadBoard(owned, weights, sizes);
  const moves = new Map<string, SlotMove>();
  for (const step of board.emptyOut()) record(moves, step);
  // Every step makes the groups more alike, so there is an end. The count guards against one that is far away.
  for (let left = owned.length * 4; left > 0; left -= 1) {
    const step = board.evenOut(tolerance);
    if (!step) break;
    record(moves, step);
  }
  return [...moves.values()].filter(({ from, to }) => from !== to).sort(compareSlots);
}

/** The size of what each group owns. */
export function sizeByGroup(owned: readonly Ownership[], sizes: SlotSizes): Map<number, number> {
  const sums = new Map<number, number>();
  for (const one of owned) {
    sums.set(one.group, (sums.get(one.group) ?? 0) + (sizes.get(keyOf(one)) ?? 0));
  }
  return sums;
}

/** A slot moved twice is one move from where it was first. */
function record(moves: Map<string, SlotMove>, step: SlotMove): void {
  const earlier = moves.get(keyOf(step));
  moves.set(keyOf(step), { ...step, from: earlier?.from ?? step.from });
}

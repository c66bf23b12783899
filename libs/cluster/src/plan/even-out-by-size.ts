import { compareSlots, keyOf, type Ownership, type SlotMove } from './slot-move';
import { type Weights } from './shares';

/** Size of a slot: keys, bytes or operations per second, whatever is to be evened out. Unknown slots count as 0. */
export type SlotSizes = ReadonlyMap<string, number>;

/**
 * Moves after which the groups' weighted loads are as even as moving single slots can make them, in steps that each lower the
 * largest difference most. Stops when the best step would gain less than `tolerance` of the mean load (a share, as 0.01).
 * Deterministic. Slots of groups without a weight all leave.
 */
export function evenOutBySize(
  owned: readonly Ownership[],
  weights: Weights,
  sizes: SlotSizes,
  tolerance: number,
): SlotMove[] {
  const board = new Board(owned, weights, sizes);
  const moves = new Map<string, SlotMove>();
  for (let step = 0; step < owned.length * 2; step += 1) {
    const best = board.bestStep(tolerance);
    if (!best) break;
    board.apply(best);
    record(moves, best);
  }
  return [...moves.values()].filter(({ from, to }) => from !== to).sort(compareSlots);
}

/** A slot moved twice is one move from where it was first. */
function record(moves: Map<string, SlotMove>, step: SlotMove): void {
  const earlier = moves.get(keyOf(step));
  moves.set(keyOf(step), { ...step, from: earlier?.from ?? step.from });
}

class Board {
  private readonly groups: readonly number[];
  private readonly slots = new Map<number, Ownership[]>();
  private readonly loads = new Map<number, number>();
  private readonly mean: number;

  constructor(
    owned: readonly Ownership[],
    private readonly weights: Weights,
    private readonly sizes: SlotSizes,
  ) {
    this.groups = [...new Set([...weights.keys(), ...owned.map(({ group }) => group)])].sort((a, b) => a - b);
    for (const group of this.groups) {
      this.slots.set(group, owned.filter((one) => one.group === group).sort(compareSlots));
      this.loads.set(
        group,
        (this.slots.get(group) ?? []).reduce((sum, one) => sum + this.size(one), 0),
      );
    }
    const total = [...this.loads.values()].reduce((sum, load) => sum + load, 0);
    this.mean = total / this.groups.reduce((sum, group) => sum + this.weight(group), 0);
  }

  /** The slot whose move from the fullest to the emptiest group brings both nearest to each other. */
  bestStep(tolerance: number): SlotMove | null {
    const receivers = this.groups.filter((group) => this.weight(group) > 0);
    const to = least(receivers, (group) => this.fill(group));
    const from = least(
      this.groups.filter((group) => group !== to && (this.slots.get(group)?.length ?? 0) > 0),
      (group) => -this.fill(group),
    );
    if (to === undefined || from === undefined) return null;
    const slots = this.slots.get(from) ?? [];
    if (this.weight(from) === 0) {
      const slot = slots.at(-1);
      return slot ? { table: slot.table, slot: slot.slot, from, to } : null;
    }
    const gap = this.fill(from) - this.fill(to);
    const after = (size: number): number => Math.abs(gap - size / this.weight(from) - size / this.weight(to));
    const best = least(slots, (one) => after(this.size(one)));
    if (!best || gap - after(this.size(best)) <= tolerance * this.mean) return null;
    return { table: best.table, slot: best.slot, from, to };
  }

  apply({ table, slot, from, to }: SlotMove): void {
    const left = this.slots.get(from) ?? [];
    const index = left.findIndex((one) => one.table === table && one.slot === slot);
    const [moved] = left.splice(index, 1);
    if (!moved) return;
    this.slots.get(to)?.push({ ...moved, group: to });
    this.loads.set(from, (this.loads.get(from) ?? 0) - this.size(moved));
    this.loads.set(to, (this.loads.get(to) ?? 0) + this.size(moved));
  }

  /** Load per weight; a group that is to be empty is the fullest of all as long as it owns something. */
  private fill(group: number): number {
    const weight = this.weight(group);
    return weight === 0 ? Number.MAX_VALUE : (this.loads.get(group) ?? 0) / weight;
  }

  private weight(group: number): number {
    return this.weights.get(group) ?? 0;
  }

  private size(one: Ownership): number {
    return this.sizes.get(keyOf(one)) ?? 0;
  }
}

/** The first item with the smallest cost. */
function least<T>(items: readonly T[], cost: (item: T) => number): T | undefined {
  let [best, lowest]: [T | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const item of items) {
    const value = cost(item);
    if (value < lowest) [best, lowest] = [item, value];
  }
  return best;
}

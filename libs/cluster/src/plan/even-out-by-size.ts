import { compareSlots, keyOf, type Ownership, type SlotMove } from './slot-move';
import { type Weights } from './shares';

/** Size of a slot: keys, bytes or operations per second, whatever is to be evened out. Unknown slots count as 0. */
export type SlotSizes = ReadonlyMap<string, number>;

/**
 * Moves after which the groups' weighted loads are as even as moving single slots can make them, in steps that each bring the
 * fullest group and an emptier one nearest to each other. Stops when no step gains more than `tolerance` of the mean load (a share,
 * as 0.01).
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

  /** A step from the fullest group to the emptiest one that can take something of it, or null when nothing is worth its move. */
  bestStep(tolerance: number): SlotMove | null {
    const from = least(
      this.groups.filter((group) => (this.slots.get(group)?.length ?? 0) > 0),
      (group) => -this.fill(group),
    );
    if (from === undefined) return null;
    const receivers = this.groups
      .filter((group) => group !== from && this.weight(group) > 0)
      .sort((a, b) => this.fill(a) - this.fill(b) || this.weight(b) - this.weight(a));
    for (const to of receivers) {
      const one =
        this.weight(from) === 0 ? this.slots.get(from)?.at(-1) : this.bestBetween(from, to, tolerance);
      if (one) return { table: one.table, slot: one.slot, from, to };
    }
    return null;
  }

  /**
   * The slot whose move brings the two groups nearest to each other. Neither may end outside of what lies between them now: with
   * unequal weights the receiver could end fuller than the sender was, which makes the largest difference larger.
   */
  private bestBetween(from: number, to: number, tolerance: number): Ownership | undefined {
    const [high, low] = [this.fill(from), this.fill(to)];
    const sent = (one: Ownership): number => this.fill(from, -this.size(one));
    const received = (one: Ownership): number => this.fill(to, this.size(one));
    const gapAfter = (one: Ownership): number => Math.abs(sent(one) - received(one));
    const within = (this.slots.get(from) ?? []).filter((one) => sent(one) >= low && received(one) <= high);
    const best = least(within, gapAfter);
    return best && high - low - gapAfter(best) > tolerance * this.mean ? best : undefined;
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

  /** Load per weight, with so much more; a group that is to be empty is the fullest of all as long as it owns something. */
  private fill(group: number, more = 0): number {
    const weight = this.weight(group);
    return weight === 0 ? Number.MAX_VALUE : ((this.loads.get(group) ?? 0) + more) / weight;
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

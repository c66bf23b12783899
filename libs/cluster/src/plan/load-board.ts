import { compareSlots, keyOf, type Ownership, type SlotMove } from './slot-move';
import { type Weights } from './shares';

/** Slack for numbers that are the same but for the error of floating point, as a part of the mean. */
const rounding = 1e-9;

interface Slot {
  readonly table: number;
  readonly slot: number;
  readonly size: number;
}

interface Group {
  readonly id: number;
  readonly weight: number;
  /** Sum of the sizes of its slots. */
  load: number;
  /** The smallest first; of the same size in their order. */
  readonly slots: Slot[];
}

/** What the groups own and how much that is, while slots move about. */
export class LoadBoard {
  private readonly groups: readonly Group[];
  /** Size for each unit of weight, if all were even. */
  private readonly mean: number;

  constructor(owned: readonly Ownership[], weights: Weights, sizes: ReadonlyMap<string, number>) {
    const ids = [...new Set([...weights.keys(), ...owned.map(({ group }) => group)])].sort((a, b) => a - b);
    const groups = new Map(ids.map((id) => [id, newGroup(id, weights.get(id) ?? 0)]));
    for (const { table, slot, group } of owned) {
      const size = sizes.get(keyOf({ table, slot })) ?? 0;
      const owner = groups.get(group);
      if (!owner) continue;
      owner.slots.push({ table, slot, size });
      owner.load += size;
    }
    for (const { slots } of groups.values()) slots.sort(bySize);
    this.groups = [...groups.values()];
    this.mean = sum(this.groups, ({ load }) => load) / sum(this.groups, ({ weight }) => weight);
  }

  /** Takes everything from the groups of weight 0, the largest slots first, each to where there is least with it. */
  emptyOut(): SlotMove[] {
    const receivers = this.groups.filter(({ weight }) => weight > 0);
    const leaving = this.groups
      .filter(({ weight }) => weight === 0)
      .flatMap((from) => from.slots.map((slot) => ({ from, slot })))
      .sort((a, b) => b.slot.size - a.slot.size || compareSlots(a.slot, b.slot));
    return leaving.flatMap(({ from, slot }) => {
      const [to] = [...receivers].sort(
        (a, b) => fill(a, slot.size) - fill(b, slot.size) || crowd(a) - crowd(b) || a.id - b.id,
      );
      return to ? [move(slot, from, to)] : [];
    });
  }

  /** Makes the step that is worth most now, or null when none is: the fullest group that can give gives to the emptiest that can take. */
  evenOut(tolerance: number): SlotMove | null {
    const able = this.groups.filter(({ weight }) => weight > 0);
    const emptiest = [...able].sort((a, b) => fill(a) - fill(b) || b.weight - a.weight || a.id - b.id);
    const fullest = [...able].sort((a, b) => fill(b) - fill(a) || a.id - b.id);
    const slack = (tolerance + rounding) * this.mean;
    for (const from of fullest) {
      for (const to of emptiest) {
        const isOff = fill(from) > this.mean + slack || fill(to) < this.mean - slack;
        const slot = isOff && this.bestBetween(from, to);
        if (slot) return move(slot, from, to);
      }
    }
    return null;
  }

  /**
   * The slot whose size comes nearest to what is to change hands. Neither group may end outside of what lies between them now: with
   * unequal weights the receiver could end fuller than the sender was, which makes the largest difference larger.
   */
  private bestBetween(from: Group, to: Group): Slot | undefined {
    const gap = fill(from) - fill(to);
    const perSize = 1 / from.weight + 1 / to.weight;
    const [tooMuch, tooLittle] = [from.load - this.mean * from.weight, this.mean * to.weight - to.load];
    // Where both are on one side of the mean, because a slot that cannot be shared weighs down the rest, they meet half-way.
    const wanted = tooMuch > 0 && tooLittle > 0 ? Math.min(tooMuch, tooLittle) : gap / perSize;
    const isWorth = ({ size }: Slot): boolean =>
      size <= gap * Math.min(from.weight, to.weight) &&
      gap - Math.abs(gap - size * perSize) > rounding * this.mean;
    const [smaller, larger] = neighbours(from.slots, wanted);
    return [smaller, larger]
      .filter((slot) => slot !== undefined)
      .filter(isWorth)
      .sort((a, b) => Math.abs(a.size - wanted) - Math.abs(b.size - wanted))[0];
  }
}

function newGroup(id: number, weight: number): Group {
  return { id, weight, load: 0, slots: [] };
}

function move(slot: Slot, from: Group, to: Group): SlotMove {
  from.slots.splice(placeOf(slot, from.slots), 1);
  from.load -= slot.size;
  to.slots.splice(placeOf(slot, to.slots), 0, slot);
  to.load += slot.size;
  return { table: slot.table, slot: slot.slot, from: from.id, to: to.id };
}

/** Load for each unit of weight, with so much more. */
function fill({ load, weight }: Group, more = 0): number {
  return (load + more) / weight;
}

/** Slots for each unit of weight. */
function crowd({ slots, weight }: Group): number {
  return slots.length / weight;
}

function bySize(a: Slot, b: Slot): number {
  return a.size - b.size || compareSlots(a, b);
}

/** Where a slot stands among others, or would. */
function placeOf(slot: Slot, slots: readonly Slot[]): number {
  return firstIndex(slots, (other) => bySize(other, slot) >= 0);
}

/** The slots next to a size: the largest that is not larger, and the smallest that is. Of the same size, the last in their order leaves. */
function neighbours(slots: readonly Slot[], size: number): [Slot | undefined, Slot | undefined] {
  const above = firstIndex(slots, (slot) => slot.size > size);
  const next = slots[above]?.size ?? size;
  return [slots[above - 1], slots[firstIndex(slots, (slot) => slot.size > next) - 1]];
}

/** Index of the first slot of which something is true that stays true for all behind it; as many as there are when none is. */
function firstIndex(slots: readonly Slot[], isBehind: (slot: Slot) => boolean): number {
  let [low, high] = [0, slots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const slot = slots[middle];
    if (slot && isBehind(slot)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((all, item) => all + of(item), 0);
}

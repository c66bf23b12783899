import { refuse } from '../protocol/codis-error';
import { type Group, MAX_SLOTS, type SlotMapping } from '../protocol/models';

/** Slot id → target group, by slot id. */
export type RebalancePlan = ReadonlyMap<number, number>;

/**
 * How the dashboard spreads slots evenly over all groups that have a server. It counts slots alone. Slots with an action count for their
 * target and stay; each group keeps its first slots by id; slots leave a group from the highest id down.
 * @throws CodisError when no group has a server
 */
export function planRebalance(slots: readonly SlotMapping[], groups: readonly Group[]): RebalancePlan {
  const ids = groups.filter((group) => group.servers.length > 0).map((group) => group.id);
  if (ids.length === 0) throw refuse('no valid group could be found');
  const balance = new Balance(ids, Math.floor(MAX_SLOTS / ids.length));
  for (const slot of slots) if (slot.action.state !== undefined) balance.keep(slot.action.target_id ?? 0);
  const idle = slots.filter((slot) => slot.action.state === undefined);
  for (const slot of idle) if (slot.group_id !== 0) balance.place(slot.group_id, slot.id);
  for (const slot of idle) if (slot.group_id === 0) balance.dock(slot.id);
  balance.level(Math.ceil(MAX_SLOTS / ids.length));
  return balance.plan();
}

class Balance {
  private readonly kept = new Map<number, number>();
  private readonly spare = new Map<number, number[]>();
  /** Slots that leave a group; negative = slots that come. */
  private readonly leaving = new Map<number, number>();
  private readonly docking: number[] = [];

  constructor(
    private readonly groups: readonly number[],
    private readonly lower: number,
  ) {}

  keep(group: number): void {
    this.kept.set(group, (this.kept.get(group) ?? 0) + 1);
  }

  place(group: number, slot: number): void {
    if (this.size(group) < this.lower) this.keep(group);
    else this.spare.set(group, [...(this.spare.get(group) ?? []), slot]);
  }

  /** An offline slot goes to the smallest group. */
  dock(slot: number): void {
    const [smallest] = this.bySize(this.groups);
    if (smallest === undefined) return;
    this.docking.push(slot);
    this.move(smallest, -1);
  }

  /** One slot after the other from the largest to the smallest group. */
  level(upper: number): void {
    let open = [...this.groups];
    while (open.length >= 2) {
      const sorted = this.bySize(open);
      const largest = sorted.at(-1) ?? 0;
      const smallest = sorted[0] ?? 0;
      if ((this.spare.get(largest)?.length ?? 0) === this.moved(largest)) {
        open = open.filter((group) => group !== largest);
        continue;
      }
      const [from, to] = [this.size(largest), this.size(smallest)];
      if (from <= this.lower || to >= upper || from - to <= 1) return;
      this.move(largest, 1);
      this.move(smallest, -1);
    }
  }

  plan(): RebalancePlan {
    const leaving = this.groups.flatMap((group) => {
      const count = Math.max(this.moved(group), 0);
      return [...(this.spare.get(group) ?? [])].sort((left, right) => right - left).slice(0, count);
    });
    const slots = [...this.docking, ...leaving].sort((left, right) => left - right);
    const targets = this.groups.flatMap((group) =>
      Array<number>(Math.max(-this.moved(group), 0)).fill(group),
    );
    return new Map(
      targets.map((group, index) => [slots[index] ?? -1, group] as const).filter(([slot]) => slot >= 0),
    );
  }

  private size(group: number): number {
    return (this.kept.get(group) ?? 0) + (this.spare.get(group)?.length ?? 0) - this.moved(group);
  }

  private moved(group: number): number {
    return this.leaving.get(group) ?? 0;
  }

  private move(group: number, count: number): void {
    this.leaving.set(group, this.moved(group) + count);
  }

  private bySize(groups: readonly number[]): number[] {
    return [...groups].sort((left, right) => this.size(left) - this.size(right) || left - right);
  }
}

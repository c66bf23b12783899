import type { RouterView, SlotRef } from '@slotferry/cluster';

/** A group as the router has it. */
export interface MemberGroup {
  readonly id: number;
  readonly master: string;
  readonly replicas: readonly string[];
  /** Slots that clients are sent to it for. */
  readonly slots: readonly SlotRef[];
}

/** The groups that have servers, with the slots that are theirs: those on their way to them are not. */
export function groupsOf({ groups, routes }: Pick<RouterView, 'groups' | 'routes'>): MemberGroup[] {
  const slots = new Map<number, SlotRef[]>();
  for (const { group, table, slot } of routes) {
    if (group === null) continue;
    const known = slots.get(group);
    if (known) known.push({ table, slot });
    else slots.set(group, [{ table, slot }]);
  }
  return groups.flatMap(({ id, servers }) => {
    const [master, ...replicas] = servers;
    return master === undefined ? [] : [{ id, master, replicas, slots: slots.get(id) ?? [] }];
  });
}

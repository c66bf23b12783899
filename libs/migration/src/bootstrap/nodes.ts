import { type GroupDefinition, masterOf, replicasOf, type RouterView } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';

/** Slots of one table that the nodes of one group are to hold. */
export interface GroupSlots {
  readonly group: GroupDefinition;
  readonly master: string;
  readonly replicas: readonly string[];
  readonly table: number;
  readonly slots: readonly number[];
}

/**
 * What each group is to hold: its defined slots, less those that the router has with another group by now. They were moved since
 * the file was written, and a bootstrap moves nothing.
 */
export function slotsToHold(cluster: OpenCluster, view: RouterView): GroupSlots[] {
  const owners = new Map(view.routes.map((route) => [`${route.table}/${route.slot}`, route]));
  return cluster.definition.groups.flatMap((group) =>
    group.slots.map(({ table, slots }) => ({
      group,
      master: masterOf(group),
      replicas: replicasOf(group),
      table,
      slots: slots.filter((slot) => {
        const route = owners.get(`${table}/${slot}`);
        return !route?.handover && (route?.group ?? group.id) === group.id;
      }),
    })),
  );
}

/** Defined slots that belong to another group by now, per group they are defined for. */
export function movedSlots(cluster: OpenCluster, view: RouterView): number {
  const defined = cluster.definition.groups.flatMap((group) =>
    group.slots.flatMap(({ slots }) => slots),
  ).length;
  return defined - slotsToHold(cluster, view).reduce((sum, { slots }) => sum + slots.length, 0);
}

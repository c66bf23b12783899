import { type RouterView, type SlotRef, type SlotRoute } from './router';
import { masterOf, slotRefsOf, type GroupDefinition, type Topology } from './topology';

/** One way in which a router differs from a definition. `group` is always the definition's. */
export type RouterDifference =
  | { readonly kind: 'group-missing'; readonly group: number }
  | { readonly kind: 'server-missing'; readonly group: number; readonly server: string }
  | {
      readonly kind: 'server-in-other-group';
      readonly group: number;
      readonly server: string;
      readonly found: number;
    }
  | {
      readonly kind: 'master-differs';
      readonly group: number;
      readonly expected: string;
      readonly found: string;
    }
  | ({ readonly kind: 'slot-unknown'; readonly group: number } & SlotRef)
  | ({ readonly kind: 'slot-offline'; readonly group: number } & SlotRef)
  | ({ readonly kind: 'slot-in-other-group'; readonly group: number; readonly found: number } & SlotRef);

/**
 * What the router would have to change to be as defined, in the order in which it could be changed: groups and their servers
 * first, then slots. What the definition does not mention is no difference.
 */
export function compareWithRouter(definition: Topology, view: RouterView): RouterDifference[] {
  const routes = new Map(view.routes.map((route) => [keyOf(route), route]));
  return [
    ...definition.groups.flatMap((group) => groupDifferences(group, view)),
    ...definition.groups.flatMap((group) =>
      slotRefsOf(group).flatMap((slot) => slotDifferences(group.id, slot, routes.get(keyOf(slot)))),
    ),
  ];
}

/** The difference as a sentence for people. */
export function describeDifference(difference: RouterDifference): string {
  switch (difference.kind) {
    case 'group-missing':
      return `The router has no group ${difference.group}`;
    case 'server-missing':
      return `The router does not know ${difference.server} of group ${difference.group}`;
    case 'server-in-other-group':
      return `${difference.server} belongs to group ${difference.group}, the router has it in group ${difference.found}`;
    case 'master-differs':
      return `The master of group ${difference.group} is ${difference.expected}, the router has ${difference.found}`;
    case 'slot-unknown':
      return `The router has no slot ${difference.slot} of table ${difference.table}, which belongs to group ${difference.group}`;
    case 'slot-offline':
      return `Slot ${difference.slot} of table ${difference.table} belongs to group ${difference.group}, the router has it offline`;
    case 'slot-in-other-group':
      return `Slot ${difference.slot} of table ${difference.table} belongs to group ${difference.group}, the router has it in group ${difference.found}`;
  }
}

function groupDifferences(group: GroupDefinition, view: RouterView): RouterDifference[] {
  const known = view.groups.find(({ id }) => id === group.id);
  const missing: RouterDifference[] = known ? [] : [{ kind: 'group-missing', group: group.id }];
  const servers = group.nodes.flatMap((server) => serverDifferences(group.id, server, view));
  return [...missing, ...servers, ...masterDifferences(group, known?.servers[0])];
}

function serverDifferences(group: number, server: string, view: RouterView): RouterDifference[] {
  const holder = view.groups.find(({ servers }) => servers.includes(server));
  if (!holder) return [{ kind: 'server-missing', group, server }];
  return holder.id === group ? [] : [{ kind: 'server-in-other-group', group, server, found: holder.id }];
}

/** An empty group has no master to differ: its servers are missing, and the first one added becomes the master. */
function masterDifferences(group: GroupDefinition, found: string | undefined): RouterDifference[] {
  const expected = masterOf(group);
  if (found === undefined || found === expected) return [];
  return [{ kind: 'master-differs', group: group.id, expected, found }];
}

function slotDifferences(
  group: number,
  { table, slot }: SlotRef,
  route: SlotRoute | undefined,
): RouterDifference[] {
  if (!route) return [{ kind: 'slot-unknown', group, table, slot }];
  if (route.group === null) return [{ kind: 'slot-offline', group, table, slot }];
  if (route.group === group) return [];
  return [{ kind: 'slot-in-other-group', group, table, slot, found: route.group }];
}

function keyOf({ table, slot }: SlotRef): string {
  return `${table}/${slot}`;
}

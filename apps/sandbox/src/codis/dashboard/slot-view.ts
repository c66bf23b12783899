import { type Group, type ProxyModel, type Slot, type SlotMapping } from '../protocol/models';
import { splitAddress } from '../protocol/address';

/** What the view of a slot depends on besides the slot itself. */
export interface ViewContext {
  readonly forwardMethod: number;
  findGroup(id: number): Group | undefined;
}

/**
 * The slot as proxies get it.
 * @param proxy decides the order of replica groups; undefined gives the view of `/topom/slots`
 */
export function slotView(mapping: SlotMapping, context: ViewContext, proxy?: ProxyModel): Slot {
  return {
    id: mapping.id,
    ...(isLocked(mapping, context) && { locked: true as const }),
    ...backends(mapping, context),
    ...(context.forwardMethod !== 0 && { forward_method: context.forwardMethod }),
    ...replicaGroups(mapping, context, proxy),
  };
}

/** The same cluster with one group changed, before that is stored. */
export function withGroup(context: ViewContext, group: Group): ViewContext {
  return {
    forwardMethod: context.forwardMethod,
    findGroup: (id) => (id === group.id ? group : context.findGroup(id)),
  };
}

/** The address of the master of a group, empty when there is none. */
export function masterOf(context: ViewContext, groupId: number): string {
  return context.findGroup(groupId)?.servers[0]?.server ?? '';
}

function backends(mapping: SlotMapping, context: ViewContext): Partial<Slot> {
  const source = mapping.group_id;
  const target = mapping.action.target_id ?? 0;
  switch (mapping.action.state) {
    case 'prepared':
    case 'migrating':
      return { ...backend(context, target), ...migrateFrom(context, source) };
    case 'finished':
      return backend(context, target);
    case undefined:
    case 'pending':
    case 'preparing':
      return backend(context, source);
  }
}

function backend(context: ViewContext, groupId: number): Partial<Slot> {
  const address = masterOf(context, groupId);
  return {
    ...(address && { backend_addr: address }),
    ...(groupId !== 0 && { backend_addr_group_id: groupId }),
  };
}

function migrateFrom(context: ViewContext, groupId: number): Partial<Slot> {
  const address = masterOf(context, groupId);
  return {
    ...(address && { migrate_from: address }),
    ...(groupId !== 0 && { migrate_from_group_id: groupId }),
  };
}

function isLocked(mapping: SlotMapping, context: ViewContext): boolean {
  const groupLocked = (id = 0): boolean => context.findGroup(id)?.promoting.state === 'prepared';
  switch (mapping.action.state) {
    case 'prepared':
      return true;
    case 'migrating':
      return groupLocked(mapping.group_id) || groupLocked(mapping.action.target_id);
    case 'finished':
      return groupLocked(mapping.action.target_id);
    case undefined:
    case 'pending':
    case 'preparing':
      return groupLocked(mapping.group_id);
  }
}

/** Up to three lists: same datacenter and machine as the proxy, same datacenter, others. */
function replicaGroups(mapping: SlotMapping, context: ViewContext, proxy?: ProxyModel): Partial<Slot> {
  const { state } = mapping.action;
  const group = context.findGroup(mapping.group_id);
  if (state !== undefined && state !== 'pending') return {};
  if (!group || group.promoting.state !== undefined || group.servers.length <= 1) return {};
  const lists: string[][] = [[], [], []];
  for (const { server, datacenter, replica_group } of group.servers) {
    if (replica_group) lists[distance(server, datacenter, proxy)]?.push(server);
  }
  const filled = lists.filter((list) => list.length > 0);
  return filled.length > 0 ? { replica_groups: filled } : {};
}

function distance(server: string, datacenter: string, proxy?: ProxyModel): 0 | 1 | 2 {
  if (!proxy || proxy.datacenter !== datacenter) return 2;
  return splitAddress(server).host === splitAddress(proxy.admin_addr).host ? 0 : 1;
}

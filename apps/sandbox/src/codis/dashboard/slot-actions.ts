import { refuse } from '../protocol/codis-error';
import { MAX_SLOTS, type SlotMapping } from '../protocol/models';
import { type ClusterState } from './cluster-state';

/** Queues the migration of one slot. */
export function createAction(cluster: ClusterState, slotId: number, groupId: number): void {
  cluster.groupWithServers(groupId);
  queue(cluster, movable(cluster.slot(slotId), groupId), groupId);
}

/** Queues the first slots of a group by id; fewer or none is fine. */
export function createSome(cluster: ClusterState, source: number, target: number, count: number): void {
  cluster.groupWithServers(target);
  if (source === target) return;
  const found = cluster.slots.filter((slot) => slot.action.state === undefined && slot.group_id === source);
  for (const slot of found.slice(0, Math.max(count, 0))) queue(cluster, slot, target);
}

/** Queues an inclusive range, or nothing when one of its slots cannot be queued. */
export function createRange(cluster: ClusterState, first: number, last: number, groupId: number): void {
  if (!(first >= 0 && first <= last && last < MAX_SLOTS))
    throw refuse(`invalid slot range [${first},${last}]`);
  cluster.groupWithServers(groupId);
  const slots = cluster.slots.slice(first, last + 1).map((slot) => movable(slot, groupId));
  for (const slot of slots) queue(cluster, slot, groupId);
}

/** Takes a queued action back while it is pending. */
export function removeAction(cluster: ClusterState, slotId: number): void {
  const { id, group_id, action } = cluster.slot(slotId);
  if (action.state === undefined) throw refuse(`slot-[${id}] action doesn't exist`);
  if (action.state !== 'pending') throw refuse(`slot-[${id}] action isn't pending`);
  cluster.saveSlot({ id, group_id, action: {} });
}

/** Stores a pending action behind all others. */
export function queue(cluster: ClusterState, slot: SlotMapping, target: number): void {
  const indexes = cluster.slots.map(({ action }) => (action.state === undefined ? 0 : (action.index ?? 0)));
  const index = Math.max(...indexes) + 1;
  cluster.saveSlot({ ...slot, action: { index, state: 'pending', target_id: target } });
}

function movable(slot: SlotMapping, target: number): SlotMapping {
  if (slot.action.state !== undefined) throw refuse(`slot-[${slot.id}] action already exists`);
  if (slot.group_id === target) throw refuse(`slot-[${slot.id}] already in group-[${target}]`);
  return slot;
}

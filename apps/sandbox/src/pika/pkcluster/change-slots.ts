import { type RespValue, OK } from '../../resp';
import { type NodeContext } from '../node-context';
import { type Slot } from '../slot';
import { type Table } from '../table';
import { PkclusterError, slotList, syntax, tableNamed } from './slot-list';

/** PKCLUSTER ADDSLOTS slots [table]: all or none. */
export async function addSlots(node: NodeContext, words: readonly string[]): Promise<RespValue> {
  const { table, slots } = parse(node, words);
  refuseWhenBusy(node);
  refuseOutside(table, slots);
  const existing = slots.find((slot) => table.find(slot));
  if (existing !== undefined) throw corruption(`partition : ${existing} exist`);
  await change(node, 'addSlot', slots.length, () => {
    for (const slot of slots) table.create(slot);
    node.counters.slotsCreated += slots.length;
  });
  return OK;
}

/** PKCLUSTER DELSLOTS slots [table]: all or none, and none that takes part in replication. */
export async function deleteSlots(node: NodeContext, words: readonly string[]): Promise<RespValue> {
  const { table, slots } = parse(node, words);
  refuseWhenBusy(node);
  refuseOutside(table, slots);
  const missing = slots.find((slot) => !table.find(slot));
  if (missing !== undefined) throw corruption(`partition : ${missing} not exist`);
  for (const slot of slots) refuseReplicating(table.find(slot));
  await change(node, 'deleteSlot', slots.length, () => {
    for (const slot of slots) table.remove(slot);
    node.counters.slotsDeleted += slots.length;
  });
  return OK;
}

function change(
  { changes, counters, network }: NodeContext,
  cost: 'addSlot' | 'deleteSlot',
  slots: number,
  apply: () => void,
): Promise<void> {
  counters.mostSlotsInOneChange = Math.max(counters.mostSlotsInOneChange, slots);
  return changes.run(network.costs.of(cost, slots), apply);
}

/** @throws PkclusterError while slots are being created or deleted */
export function refuseWhenBusy(node: NodeContext): void {
  if (!node.changes.isBusy) return;
  node.counters.busyRefusals += 1;
  throw new PkclusterError('ERR Slot in syncing or a change operation is under way, retry later');
}

/** @throws PkclusterError when the slot has a slave or a master; one whose attachment failed counts as free */
export function refuseReplicating(slot: Slot | undefined): void {
  if (!slot) return;
  if (slot.feeds.length > 0) throw corruption(`sync master partition (${slot.name}) in syncing`);
  const state = slot.attachment?.state;
  if (state !== undefined && state !== 'kError') {
    throw corruption(`sync slave partition (${slot.name}) in ${state} state`);
  }
}

function parse(node: NodeContext, words: readonly string[]): { table: Table; slots: number[] } {
  const [, , list, tableWord] = words;
  if (list === undefined || words.length > 4) throw syntax();
  const table = tableNamed(node, tableWord);
  return { table, slots: slotList(list) };
}

function refuseOutside(table: Table, slots: readonly number[]): void {
  if (slots.some((slot) => slot >= table.slotCount)) throw corruption('partition index out of range');
}

const corruption = (what: string): PkclusterError => new PkclusterError(`ERR Corruption: ${what}`);

import type { SlotRef } from '@slotferry/cluster';
import type { PikaNode, SlotInfo } from '@slotferry/pika';
import { byTable, keyOf } from './slot-lists';

/** What a node says of the slots, by `keyOf`: one command for each table. Slots it does not hold are left out. Throws PikaError. */
export async function lookAtSlots(
  node: PikaNode,
  slots: readonly SlotRef[],
): Promise<ReadonlyMap<string, SlotInfo>> {
  const looks = await Promise.all(byTable(slots).map(({ table, slots: ids }) => node.slots(ids, table)));
  return new Map(looks.flatMap((look) => [...look.values()].map((info) => [keyOf(info), info] as const)));
}

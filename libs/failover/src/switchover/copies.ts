import type { BinlogPosition, SlotRef, TableSlots } from '@slotferry/cluster';
import type { PikaNode, SlotInfo } from '@slotferry/pika';
import type { SlotPositions } from '../store/types';

/** What one node says of the slots it was asked for. */
export interface Copies {
  readonly address: string;
  /** Null where the node does not hold the slot. */
  of(ref: SlotRef): SlotInfo | null;
}

/** One look at these slots of a node: one command for each table. Throws PikaError. */
export async function lookAtCopies(node: PikaNode, slots: readonly TableSlots[]): Promise<Copies> {
  const tables = await Promise.all(
    slots.map(async ({ table, slots: numbers }) => [table, await node.slots(numbers, table)] as const),
  );
  const infos = new Map(tables);
  return {
    address: node.address,
    of: ({ table, slot }) => infos.get(table)?.get(slot) ?? null,
  };
}

/** Where the copies stand; slots that the node does not hold are left out. */
export function positionsOf(copies: Copies, slots: readonly TableSlots[]): SlotPositions {
  return new Map(
    slots.map(({ table, slots: numbers }) => {
      const held = numbers.flatMap((slot): [number, BinlogPosition][] => {
        const info = copies.of({ table, slot });
        return info ? [[slot, info.position]] : [];
      });
      return [table, new Map(held)];
    }),
  );
}

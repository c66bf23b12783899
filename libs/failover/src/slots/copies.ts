import type { BinlogPosition, SlotRef, TableSlots } from '@slotferry/cluster';
import type { PikaNode, SlotInfo } from '@slotferry/pika';
import type { SlotPositions } from '../store/types';
import { lookAtSlots } from './look-at-slots';
import { keyOf, refsOf } from './slot-lists';

/** What one node says of the slots it was asked for. */
export interface Copies {
  readonly address: string;
  /** Null where the node does not hold the slot. */
  of(ref: SlotRef): SlotInfo | null;
}

/** One look at these slots of a node: one command for each table. Throws PikaError. */
export async function lookAtCopies(node: PikaNode, slots: readonly TableSlots[]): Promise<Copies> {
  const infos = await lookAtSlots(node, refsOf(slots));
  return { address: node.address, of: (ref) => infos.get(keyOf(ref)) ?? null };
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

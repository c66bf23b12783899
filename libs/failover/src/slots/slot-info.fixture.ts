import { type BinlogPosition, parsePosition } from '@slotferry/cluster';
import type { AttachedSlave, SlotInfo } from '@slotferry/pika';
import type { Copies } from './copies';

/** What a test says of one slot on one node. */
export interface SlotWords {
  readonly at?: string;
  readonly follows?: string;
  readonly status?: NonNullable<SlotInfo['following']>['status'];
  readonly slaves?: readonly AttachedSlave[];
}

export const position = (text: string): BinlogPosition => parsePosition(text);

/** A node's answer: by slot of table 0, or null where it does not hold the slot. */
export function copies(address: string, slots: Readonly<Record<number, SlotWords | null>>): Copies {
  return {
    address,
    of: ({ table, slot }) => {
      const words = table === 0 ? slots[slot] : null;
      return words ? infoOf(slot, words) : null;
    },
  };
}

function infoOf(
  slot: number,
  { at = '0 100', follows, status = 'kConnected', slaves = [] }: SlotWords,
): SlotInfo {
  return {
    table: 0,
    slot,
    position: parsePosition(at),
    safetyPurge: null,
    slaves,
    following: follows ? { master: follows, status } : null,
  };
}

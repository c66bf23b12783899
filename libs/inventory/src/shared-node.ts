import { MAX_SLOTS } from '@slotferry/cluster';
import { PikaNode, type SlotInfo } from '@slotferry/pika';
import { Coalescer } from './coalescer';

/**
 * A node whose looks at slots are shared by all who ask at the same time: one command at once for each table, with the slots of
 * all of them. Changes go their own ways.
 */
export class SharedNode extends PikaNode {
  private readonly looks = new Map<number, Coalescer<number, SlotInfo | null>>();

  override async slots(slots?: readonly number[], table = 0): Promise<Map<number, SlotInfo>> {
    if (!slots || !slots.every(isSlot)) return super.slots(slots, table);
    const looks = this.looksAt(table);
    const found = await Promise.all(slots.map((slot) => looks.load(slot)));
    return new Map(found.filter((info) => info !== null).map((info) => [info.slot, info]));
  }

  private looksAt(table: number): Coalescer<number, SlotInfo | null> {
    const known = this.looks.get(table);
    if (known) return known;
    const looks = new Coalescer<number, SlotInfo | null>(async (slots) => {
      const infos = await super.slots([...slots], table);
      return (slot) => infos.get(slot) ?? null;
    });
    this.looks.set(table, looks);
    return looks;
  }
}

/** One caller's mistake shall not fail the others. */
function isSlot(slot: number): boolean {
  return Number.isInteger(slot) && slot >= 0 && slot < MAX_SLOTS;
}

import { type SlotRef } from './router';
import { MAX_SLOTS, parseSlots, SlotListError } from './slots';

const TABLE_AND_SLOTS = /^(?:(\d{1,9})\/)?([^/]*)$/;

/**
 * Reads slots of one table as operators write them: `10-20,30` of table 0, `1/10-20,30` of table 1.
 * @param sizeOf number of slots of a table; without it only the largest table there can be is the limit
 * @throws SlotListError as `parseSlots`, and what `sizeOf` throws
 */
export function parseTableSlots(
  text: string,
  sizeOf: (table: number) => number = () => MAX_SLOTS,
): SlotRef[] {
  const match = TABLE_AND_SLOTS.exec(text);
  if (!match) {
    throw new SlotListError(
      'SLOTS_SYNTAX',
      `${JSON.stringify(text.slice(0, 40))} is not a list of slots of one table`,
      'Write slots and ranges separated by commas, for example 10-20,30; of table 1: 1/10-20,30.',
    );
  }
  const table = Number(match[1] ?? 0);
  return parseSlots(match[2] ?? '', sizeOf(table)).map((slot) => ({ table, slot }));
}

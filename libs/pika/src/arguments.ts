import { MAX_SLOTS } from '@slotferry/cluster';
import { PikaError, type PikaErrorCode } from './pika.errors';

/** Refuses a list of slots that no node could take, before anything is sent. @throws PikaError `syntax`, `out-of-range` */
export function checkSlots(node: string, slots: readonly number[]): void {
  if (slots.length === 0) throw mistake(node, 'syntax', 'No slot was named', 'Name at least one slot.');
  const wrong = slots.find((slot) => !Number.isInteger(slot) || slot < 0 || slot >= MAX_SLOTS);
  if (wrong === undefined) return;
  throw mistake(
    node,
    'out-of-range',
    `${wrong} is not a slot`,
    `Slots are whole numbers from 0 to ${MAX_SLOTS - 1}.`,
  );
}

/** @throws PikaError `out-of-range` */
export function checkTable(node: string, table: number): void {
  if (Number.isSafeInteger(table) && table >= 0) return;
  throw mistake(node, 'out-of-range', `${table} is not a table`, 'Tables are whole numbers from 0.');
}

/** The error for a call that was wrong from the beginning. Nothing was sent. */
export function mistake(node: string, code: PikaErrorCode, message: string, remedy: string): PikaError {
  return new PikaError({ code, node, command: null, message: `${message} (Pika ${node})`, remedy });
}

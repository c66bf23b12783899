import { crc32 } from './crc32';

/** How a server finds the slot of a key: `slotOfKey` or `slotOfWholeKey`. */
export type SlotHash = (key: string | Buffer, slots: number) => number;

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * The slot of a key as Pika (3.3 and later) and Codis compute it: CRC-32 of the key modulo the number of slots, where a hash tag
 * stands for the whole key. Unlike in Redis Cluster an empty tag counts: every key that begins with `{}` is in slot 0.
 * @param key text is taken as UTF-8
 * @param slots number of slots of the table
 */
export const slotOfKey: SlotHash = (key, slots) => crc32(hashTagOf(bytesOf(key))) % slots;

/** The slot of a key as Pika 3.2 computes it: it knows no hash tags. */
export const slotOfWholeKey: SlotHash = (key, slots) => crc32(bytesOf(key)) % slots;

/** What lies between the first `{` and the next `}`, or the whole key when there is no such pair. */
function hashTagOf(key: Buffer): Buffer {
  const opening = key.indexOf(OPENING_BRACE);
  if (opening < 0) return key;
  const closing = key.indexOf(CLOSING_BRACE, opening + 1);
  return closing < 0 ? key : key.subarray(opening + 1, closing);
}

function bytesOf(key: string | Buffer): Buffer {
  return typeof key === 'string' ? Buffer.from(key) : key;
}

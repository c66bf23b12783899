import { crc32 } from 'node:zlib';
import { MAX_SLOTS } from '../protocol/models';

/** Commands whose first key is their third argument. */
const KEY_AT_THREE = new Set(['ZINTERSTORE', 'ZUNIONSTORE', 'EVAL', 'EVALSHA']);
const OPENING = 0x7b;
const CLOSING = 0x7d;
const NO_KEY = Buffer.alloc(0);

/** The argument that decides the slot of a command; empty when the command is too short to have one. */
export function hashKey(name: string, args: readonly Buffer[]): Buffer {
  return args[KEY_AT_THREE.has(name) ? 3 : 1] ?? NO_KEY;
}

/** CRC-32 of the key, or of what stands between the first `{` and the next `}`, also when that is empty. */
export function keySlot(key: Buffer): number {
  const opening = key.indexOf(OPENING);
  const closing = opening < 0 ? -1 : key.indexOf(CLOSING, opening + 1);
  return crc32(closing < 0 ? key : key.subarray(opening + 1, closing)) % MAX_SLOTS;
}

import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';
const TIME_LENGTH = 9;
const RANDOM_LENGTH = 12;

/**
 * A unique id such as `mv-mibx2k1q0f3k9v0a2c4e6`: prefix, milliseconds, 60 random bits. Ids with the same prefix sort by
 * the time they were made. Lower case letters, digits and one dash only, so it fits into URLs, Redis keys and queue ids.
 */
export function newId(prefix: string, atMs: number = Date.now()): string {
  if (!/^[a-z][a-z0-9]{0,15}$/.test(prefix)) throw new RangeError(`"${prefix}" is not a prefix of an id`);
  const time = Math.trunc(atMs).toString(36).padStart(TIME_LENGTH, '0');
  const random = Array.from(randomBytes(RANDOM_LENGTH), (byte) => ALPHABET.charAt(byte & 31)).join('');
  return `${prefix}-${time}${random}`;
}

import type { KeyReader } from './fingerprint';
import { expectInteger, expectStrings, expectText, type ReplyContext } from './reply';

/** A key with all it holds, as far as the limits allow. */
export interface KeyValue {
  /** `string`, `hash`, `list`, `set`, `zset`, or `none` when the key is missing. */
  readonly type: string;
  /** Seconds; null when it does not expire. */
  readonly ttl: number | null;
  /** Bytes of a string, elements of anything else. */
  readonly size: number;
  /**
   * A string as one element; a list in its order; members of a set sorted; fields of a hash and members of a sorted set followed by
   * their value or score, sorted by field, or as the node orders them.
   */
  readonly elements: readonly Buffer[];
  /** False when it is larger than the limits; then `elements` holds the beginning, or nothing. */
  readonly whole: boolean;
}

/** What is read of one key at most. */
export interface KeyValueLimits {
  /** Of a string. */
  readonly bytes: number;
  /** Of a collection. */
  readonly elements: number;
}

/**
 * Reads a key whole, in three commands. Lists and sorted sets beyond the limit are read up to it; strings, hashes and sets beyond
 * theirs are not read at all, for Pika has no way to read a part of a set or hash at a bounded cost. Of a key that exists under several
 * types, as Pika allows, the one that Pika names first is read.
 */
export async function readKeyValue(
  read: KeyReader,
  key: string | Buffer,
  limits: KeyValueLimits,
  context: ReplyContext,
): Promise<KeyValue> {
  const [type, ttl] = await Promise.all([read('TYPE', key), read('TTL', key)]);
  const name = expectText(type, context);
  const seconds = expectInteger(ttl, context);
  const content = await readContent(read, name, key, limits, context);
  return { type: name, ttl: seconds >= 0 ? seconds : null, ...content };
}

type Content = Pick<KeyValue, 'size' | 'elements' | 'whole'>;

async function readContent(
  read: KeyReader,
  type: string,
  key: string | Buffer,
  limits: KeyValueLimits,
  context: ReplyContext,
): Promise<Content> {
  const size = async (name: string): Promise<number> => expectInteger(await read(name, key), context);
  const last = String(limits.elements - 1);
  switch (type) {
    case 'string': {
      const bytes = await size('STRLEN');
      if (bytes > limits.bytes) return { size: bytes, elements: [], whole: false };
      const value = await read('GET', key);
      return { size: bytes, elements: Buffer.isBuffer(value) ? [value] : [], whole: true };
    }
    case 'hash': {
      const fields = await size('HLEN');
      if (fields > limits.elements) return { size: fields, elements: [], whole: false };
      const pairs = pairsOf(expectStrings(await read('HGETALL', key), context));
      return { size: fields, elements: pairs.sort(byFirst).flat(), whole: true };
    }
    case 'set': {
      const members = await size('SCARD');
      if (members > limits.elements) return { size: members, elements: [], whole: false };
      const all = expectStrings(await read('SMEMBERS', key), context);
      return { size: members, elements: all.sort((a, b) => Buffer.compare(a, b)), whole: true };
    }
    case 'list': {
      const length = await size('LLEN');
      const elements = expectStrings(await read('LRANGE', key, '0', last), context);
      return { size: length, elements, whole: length <= limits.elements };
    }
    case 'zset': {
      const members = await size('ZCARD');
      const elements = expectStrings(await read('ZRANGE', key, '0', last, 'WITHSCORES'), context);
      return { size: members, elements, whole: members <= limits.elements };
    }
    default:
      return { size: 0, elements: [], whole: true };
  }
}

function pairsOf(flat: readonly Buffer[]): [Buffer, Buffer][] {
  return flat.flatMap((item, index) => {
    const value = flat[index + 1];
    return index % 2 === 0 && value ? [[item, value] as [Buffer, Buffer]] : [];
  });
}

function byFirst([a]: [Buffer, Buffer], [b]: [Buffer, Buffer]): number {
  return Buffer.compare(a, b);
}

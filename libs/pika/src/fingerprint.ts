import { createHash } from 'node:crypto';
import { expectArray, expectInteger, expectText, type Reply, type ReplyContext } from './reply';

/** What is compared of one key. Equal keys have equal fingerprints; beyond the bounds, equal fingerprints do not prove equality. */
export interface Fingerprint {
  /** `string`, `hash`, `list`, `set`, `zset`, or `none` when the key is missing. */
  readonly type: string;
  readonly ttlSet: boolean;
  /** Hex. Compare it, nothing else. */
  readonly digest: string;
}

/** Sends one command about the key and gives its reply. */
export type KeyReader = (name: string, ...args: (string | Buffer)[]) => Promise<Reply>;

/** Strings up to this many bytes are compared whole, longer ones by their length. */
const WHOLE_STRING_BYTES = 65_536;
/** Collections up to this many elements are compared whole. */
const WHOLE_ELEMENTS = 128;

/**
 * Reads what a comparison of two copies of a key needs, in 3 to 5 cheap commands. Lists and sorted sets that are too large are
 * compared by size and both ends, hashes and sets by size. Keys of table 0 only. A key that exists under several types, as
 * Pika allows, is compared under the one Pika names first.
 */
export async function readFingerprint(
  read: KeyReader,
  key: string | Buffer,
  context: ReplyContext,
): Promise<Fingerprint> {
  const [type, ttl] = await Promise.all([read('TYPE', key), read('TTL', key)]);
  const name = expectText(type, context);
  const content = await readContent(read, name, key, context);
  return { type: name, ttlSet: expectInteger(ttl, context) >= 0, digest: digestOf(content) };
}

async function readContent(
  read: KeyReader,
  type: string,
  key: string | Buffer,
  context: ReplyContext,
): Promise<Reply> {
  const size = async (name: string): Promise<number> => expectInteger(await read(name, key), context);
  switch (type) {
    case 'string': {
      const bytes = await size('STRLEN');
      return bytes <= WHOLE_STRING_BYTES ? read('GET', key) : bytes;
    }
    case 'hash': {
      const fields = await size('HLEN');
      return fields <= WHOLE_ELEMENTS
        ? sortedPairs(expectArray(await read('HGETALL', key), context))
        : fields;
    }
    case 'set': {
      const members = await size('SCARD');
      return members <= WHOLE_ELEMENTS ? sorted(expectArray(await read('SMEMBERS', key), context)) : members;
    }
    case 'list': {
      const elements = await size('LLEN');
      return [elements, ...(await bothEnds((from, to) => read('LRANGE', key, from, to), elements))];
    }
    case 'zset': {
      const members = await size('ZCARD');
      return [
        members,
        ...(await bothEnds((from, to) => read('ZRANGE', key, from, to, 'WITHSCORES'), members)),
      ];
    }
    default:
      return null;
  }
}

function bothEnds(range: (from: string, to: string) => Promise<Reply>, size: number): Promise<Reply[]> {
  if (size <= WHOLE_ELEMENTS) return Promise.all([range('0', '-1')]);
  const half = WHOLE_ELEMENTS / 2;
  return Promise.all([range('0', String(half - 1)), range(String(-half), '-1')]);
}

function sortedPairs(flat: Reply[]): Reply[] {
  const pairs = flat.flatMap((item, index) => (index % 2 === 0 ? [[item, flat[index + 1] ?? null]] : []));
  return sorted(pairs);
}

function sorted(items: Reply[]): Reply[] {
  return items.sort((a, b) => Buffer.compare(encode(a), encode(b)));
}

function digestOf(reply: Reply): string {
  return createHash('sha256').update(encode(reply)).digest('hex').slice(0, 32);
}

/** Bytes that differ whenever the replies differ. */
function encode(reply: Reply): Buffer {
  if (reply === null) return Buffer.from('_');
  if (typeof reply === 'number') return Buffer.from(`:${reply};`);
  if (Buffer.isBuffer(reply)) return Buffer.concat([Buffer.from(`$${reply.length};`), reply]);
  return Buffer.concat([Buffer.from(`*${reply.length};`), ...reply.map(encode)]);
}

import { protocolError } from './errors';
import { readNumber } from './frames';
import { type RespValue, array, bulk, failure, integer, simple } from './value';

const LF = 0x0a;
const ASTERISK = 0x2a;

/** Decodes one whole reply as `ReplyFrames` cuts it. Bulk strings are views on the raw bytes. */
export function decodeReply(raw: Buffer): RespValue {
  return readValue({ raw, at: 0 });
}

/**
 * Decodes one whole request as `RequestFrames` cuts it into its words. Empty for an empty line.
 * @throws RespConnectionError when a word is no bulk string
 */
export function decodeRequest(raw: Buffer): Buffer[] {
  if (raw[0] !== ASTERISK) return splitLine(raw);
  const cursor = { raw, at: 0 };
  const count = readNumber(raw, 1, skipLine(cursor));
  const args: Buffer[] = [];
  for (let index = 0; index < count; index += 1) {
    const value = readValue(cursor);
    if (value.type !== 'bulk' || !value.data) throw protocolError("expected '$'");
    args.push(value.data);
  }
  return args;
}

interface Cursor {
  readonly raw: Buffer;
  at: number;
}

/** Moves behind the line and returns where its line feed is. */
function skipLine(cursor: Cursor): number {
  const end = cursor.raw.indexOf(LF, cursor.at);
  cursor.at = end + 1;
  return end;
}

function readValue(cursor: Cursor): RespValue {
  const { raw, at } = cursor;
  const end = skipLine(cursor);
  switch (String.fromCharCode(raw[at] ?? 0)) {
    case '+':
      return simple(raw.toString('utf8', at + 1, end - 1));
    case '-':
      return failure(raw.toString('utf8', at + 1, end - 1));
    case ':':
      return integer(toInteger(raw.toString('latin1', at + 1, end - 1)));
    case '$':
      return readBulk(cursor, readNumber(raw, at + 1, end));
    case '*':
      return readArray(cursor, readNumber(raw, at + 1, end));
    default:
      throw protocolError(`unexpected byte ${String(raw[at])}`);
  }
}

function readBulk(cursor: Cursor, length: number): RespValue {
  if (length < 0) return bulk(null);
  const data = cursor.raw.subarray(cursor.at, cursor.at + length);
  cursor.at += length + 2;
  return bulk(data);
}

function readArray(cursor: Cursor, count: number): RespValue {
  if (count < 0) return array(null);
  const items: RespValue[] = [];
  for (let index = 0; index < count; index += 1) items.push(readValue(cursor));
  return array(items);
}

function toInteger(text: string): number | bigint {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  if (!/^[+-]?\d+$/.test(text)) throw protocolError('an integer is no number');
  return BigInt(text);
}

function splitLine(raw: Buffer): Buffer[] {
  return raw
    .toString('latin1')
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => Buffer.from(word, 'latin1'));
}

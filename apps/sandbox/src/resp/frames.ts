import { protocolError } from './errors';

const CR = 0x0d;
const LF = 0x0a;
const ARRAY = 0x2a;
const BULK = 0x24;
const MINUS = 0x2d;
const ZERO = 0x30;
const LINE_TYPES = new Set([0x2b, 0x2d, 0x3a]);

/** The longest bulk string taken, in bytes (as in Redis). */
const MAX_BULK = 512 * 1024 * 1024;
const MAX_ITEMS = 1024 * 1024;
const EMPTY = Buffer.alloc(0);

/**
 * Cuts a byte stream into whole RESP messages without decoding them. Resumes where it stopped, so that a long message that comes in
 * many chunks is looked at once.
 */
abstract class Frames {
  private pending: Buffer = EMPTY;
  private readonly chunks: Buffer[] = [];
  private received = 0;
  private start = 0;
  private cursor = 0;
  private needed = 0;
  private missingItems = 1;

  /**
   * @returns the messages that are complete now, as raw bytes (views on the received memory)
   * @throws RespConnectionError when the bytes are not RESP
   */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.received += chunk.length;
    if (this.received < this.needed) return [];
    this.gather();
    const messages: Buffer[] = [];
    while (this.cursor < this.pending.length && this.step()) {
      if (this.missingItems > 0) continue;
      messages.push(this.pending.subarray(this.start, this.cursor));
      this.start = this.cursor;
      this.missingItems = 1;
    }
    this.forget();
    return messages;
  }

  /** Whether a message may be a line of words, as typed into a terminal. */
  protected abstract readonly allowsInline: boolean;

  private gather(): void {
    const [only] = this.chunks;
    if (this.pending.length === 0 && this.chunks.length === 1 && only) this.pending = only;
    else this.pending = Buffer.concat([this.pending, ...this.chunks]);
    this.chunks.length = 0;
    this.needed = 0;
  }

  private forget(): void {
    this.pending = this.start === this.pending.length ? EMPTY : this.pending.subarray(this.start);
    this.cursor -= this.start;
    this.needed = Math.max(0, this.needed - this.start);
    this.received = this.pending.length;
    this.start = 0;
  }

  /** Moves over one item. Returns false when its end has not come yet. */
  private step(): boolean {
    const { pending, cursor } = this;
    const end = pending.indexOf(LF, cursor);
    if (end < 0) return false;
    const type = pending[cursor];
    if (type === BULK) return this.skipBulk(end);
    if (type === ARRAY) {
      const items = readNumber(pending, cursor + 1, end);
      if (items > MAX_ITEMS) throw protocolError('invalid multibulk length');
      this.missingItems += Math.max(items, 0) - 1;
    } else {
      const isInline = this.allowsInline && cursor === this.start;
      if (!isInline && (type === undefined || !LINE_TYPES.has(type))) {
        throw protocolError(`unexpected byte ${String(type)}`);
      }
      this.missingItems -= 1;
    }
    this.cursor = end + 1;
    return true;
  }

  private skipBulk(endOfHeader: number): boolean {
    const length = readNumber(this.pending, this.cursor + 1, endOfHeader);
    if (length > MAX_BULK) throw protocolError('invalid bulk length');
    const end = length < 0 ? endOfHeader + 1 : endOfHeader + 1 + length + 2;
    if (end > this.pending.length) {
      this.needed = end;
      return false;
    }
    this.cursor = end;
    this.missingItems -= 1;
    return true;
  }
}

/** Cuts what a server sends into replies. */
export class ReplyFrames extends Frames {
  protected readonly allowsInline = false;
}

/** Cuts what a client sends into requests: arrays of bulk strings, or lines of words. */
export class RequestFrames extends Frames {
  protected readonly allowsInline = true;
}

/** The decimal number that stands between `from` and the line feed at `endOfLine`. */
export function readNumber(bytes: Buffer, from: number, endOfLine: number): number {
  const end = bytes[endOfLine - 1] === CR ? endOfLine - 1 : endOfLine;
  const negative = bytes[from] === MINUS;
  let value = 0;
  for (let index = negative ? from + 1 : from; index < end; index += 1) {
    const digit = (bytes[index] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) throw protocolError('a length is no number');
    value = value * 10 + digit;
  }
  if (end === from) throw protocolError('a length is missing');
  return negative ? -value : value;
}

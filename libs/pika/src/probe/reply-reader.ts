/** A reply as far as a probe cares: what was said, and whether it was a refusal. */
export interface ProbeReply {
  readonly refused: boolean;
  readonly text: string;
}

const CR = 0x0d;
const [PLUS, MINUS, COLON, DOLLAR] = [0x2b, 0x2d, 0x3a, 0x24];

/** Cuts what a node says into replies. Knows simple and bulk strings, numbers and errors: nothing else is ever asked for. */
export class ReplyReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The replies that are complete with this chunk. Throws RangeError on anything that is no such reply. */
  read(chunk: Buffer): ProbeReply[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const replies: ProbeReply[] = [];
    for (;;) {
      const reply = this.next();
      if (!reply) return replies;
      replies.push(reply);
    }
  }

  private next(): ProbeReply | null {
    const end = this.rest.indexOf(CR);
    if (end < 0 || end + 2 > this.rest.length) return null;
    const line = this.rest.toString('latin1', 1, end);
    switch (this.rest[0]) {
      case PLUS:
      case COLON:
        return this.take(end + 2, { refused: false, text: line });
      case MINUS:
        return this.take(end + 2, { refused: true, text: line });
      case DOLLAR:
        return this.bulk(end + 2, Number(line));
      default:
        throw new RangeError('neither a string nor a number nor an error');
    }
  }

  private bulk(start: number, length: number): ProbeReply | null {
    if (length === -1) return this.take(start, { refused: false, text: '' });
    if (!Number.isSafeInteger(length) || length < 0) throw new RangeError('a length that is none');
    if (this.rest.length < start + length + 2) return null;
    const text = this.rest.toString('utf8', start, start + length);
    return this.take(start + length + 2, { refused: false, text });
  }

  private take(end: number, reply: ProbeReply): ProbeReply {
    this.rest = this.rest.subarray(end);
    return reply;
  }
}

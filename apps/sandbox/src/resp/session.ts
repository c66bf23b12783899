import { type Socket } from 'node:net';
import { decodeRequest } from './decode';
import { encodeReply } from './encode';
import { RequestFrames } from './frames';
import { type RespValue, failure } from './value';

/** What a handler gives back: a reply to encode, or the bytes of one or more replies as they are. */
export type RespReply = RespValue | Buffer;

/** Answers one command. `args[0]` is the command's name; `raw` the request as it came. */
export type RespHandler = (
  args: Buffer[],
  session: RespSession,
  raw: Buffer,
) => RespReply | Promise<RespReply>;

/** Held while a server is frozen: resolves when it may go on. */
export interface Gate {
  readonly closed: boolean;
  pass(): Promise<void>;
}

/** How many received commands may wait before a connection is read no further. */
const READ_AHEAD = 4_096;

/**
 * One client connection of a server. Its commands are processed one after the other, replies go out in their order; those that are
 * ready together go out in one write.
 */
export class RespSession {
  /** Free space for what a handler remembers about the client: login, selected table. */
  readonly state = new Map<string, unknown>();
  readonly openedAt = Date.now();
  lastCommandAt = Date.now();
  private readonly frames = new RequestFrames();
  private queue: Buffer[] = [];
  private outgoing: Buffer[] = [];
  private isBusy = false;
  private isEnding = false;

  constructor(
    readonly id: number,
    readonly socket: Socket,
    private readonly handler: RespHandler,
    private readonly gate: Gate,
  ) {
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
  }

  /** Closes the connection after the reply to the present command. */
  end(): void {
    this.isEnding = true;
  }

  private receive(chunk: Buffer): void {
    try {
      const requests = this.frames.push(chunk);
      this.queue = this.queue.length === 0 ? requests : this.queue.concat(requests);
    } catch {
      this.socket.end('-ERR Protocol error\r\n');
      return;
    }
    if (this.queue.length > READ_AHEAD) this.socket.pause();
    if (!this.isBusy) void this.work();
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      if (this.socket.isPaused()) this.socket.resume();
      for (const raw of batch) {
        if (this.gate.closed) await this.gate.pass();
        if (this.socket.destroyed) break; // a frozen process that was killed runs nothing more
        const result = this.answer(raw);
        const bytes = result instanceof Promise ? await this.awaited(result) : result;
        if (bytes.length > 0) this.outgoing.push(bytes);
        if (this.isEnding || this.socket.destroyed) break;
      }
      if (this.gate.closed) await this.gate.pass();
      this.flush();
      if (this.isEnding || this.socket.destroyed) break;
    }
    this.isBusy = false;
    if (this.isEnding) this.socket.end();
  }

  /** Replies that are ready must not wait for a slow command behind them. */
  private awaited(result: Promise<Buffer>): Promise<Buffer> {
    if (!this.gate.closed) this.flush();
    return result;
  }

  private answer(raw: Buffer): Buffer | Promise<Buffer> {
    this.lastCommandAt = Date.now();
    try {
      const args = decodeRequest(raw);
      if (args.length === 0) return NOTHING;
      const reply = this.handler(args, this, raw);
      return reply instanceof Promise ? reply.then(toBytes, errorReply) : toBytes(reply);
    } catch (error) {
      return errorReply(error);
    }
  }

  private flush(): void {
    if (this.outgoing.length === 0) return;
    const [first] = this.outgoing;
    const bytes = this.outgoing.length === 1 && first ? first : Buffer.concat(this.outgoing);
    this.outgoing = [];
    if (this.socket.writable) this.socket.write(bytes);
  }
}

const NOTHING = Buffer.alloc(0);

function toBytes(reply: RespReply): Buffer {
  return Buffer.isBuffer(reply) ? reply : encodeReply(reply);
}

function errorReply(error: unknown): Buffer {
  const message = error instanceof Error ? error.message : String(error);
  return encodeReply(failure(`ERR ${message.replace(/[\r\n]+/g, ' ')}`));
}

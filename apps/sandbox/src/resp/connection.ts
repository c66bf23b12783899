import { EventEmitter } from 'node:events';
import { type Socket, connect } from 'node:net';
import { decodeReply } from './decode';
import { encodeRequest } from './encode';
import { RespConnectionError } from './errors';
import { ReplyFrames } from './frames';
import { type RespValue } from './value';

export interface RespAddress {
  readonly host: string;
  readonly port: number;
}

export interface RespConnectionOptions extends RespAddress {
  /** Milliseconds until an attempt to connect is given up. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds without a byte of the answer to the oldest request after which the connection is closed, whatever is sent meanwhile; unlimited when 0. */
  readonly commandTimeoutMs?: number;
}

interface Waiting {
  readonly resolve: (raw: Buffer) => void;
  readonly reject: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 30_000;

/**
 * A client connection that pipelines: requests go out at once, replies come back in their order.
 * When it closes, every request without a reply is rejected with `RESP_CLOSED`, and `close` is emitted.
 */
export class RespConnection extends EventEmitter<{ close: [] }> {
  private readonly frames = new ReplyFrames();
  private waiting: Waiting[] = [];
  private answered = 0;
  private outgoing: Buffer[] = [];
  private isClosed = false;
  private overdue: NodeJS.Timeout | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly address: RespAddress,
    private readonly commandTimeoutMs: number,
  ) {
    super();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => undefined); // 'close' follows and rejects what waits
    socket.on('close', () => this.finish());
  }

  /** @throws RespConnectionError `RESP_CONNECT` when the address refuses or does not answer in time */
  static connect(options: RespConnectionOptions): Promise<RespConnection> {
    const { host, port, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port });
      const fail = (why: string): void => {
        socket.destroy();
        reject(
          new RespConnectionError(
            'RESP_CONNECT',
            `Cannot connect to ${host}:${port}: ${why}`,
            'Check the address, and that the server is up.',
          ),
        );
      };
      const onError = (error: Error): void => fail(error.message);
      socket.setTimeout(connectTimeoutMs, () => fail(`no answer within ${connectTimeoutMs} ms`));
      socket.once('error', onError);
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.removeAllListeners('timeout');
        socket.off('error', onError);
        resolve(new RespConnection(socket, { host, port }, options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS));
      });
    });
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Number of requests that have no reply yet. */
  get pendingRequests(): number {
    return this.waiting.length - this.answered;
  }

  /** Sends a command; resolves with its reply, also when that is an error reply. */
  async send(args: readonly (string | Buffer)[]): Promise<RespValue> {
    return decodeReply(await this.sendRaw(encodeRequest(args)));
  }

  /** Sends one encoded request and resolves with the raw bytes of its reply. */
  sendRaw(request: Buffer): Promise<Buffer> {
    if (this.isClosed) return Promise.reject(this.closedError('RESP_CLOSED'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      if (this.pendingRequests === 1) this.awaitAnswer();
      if (this.outgoing.push(request) === 1) process.nextTick(() => this.flush());
    });
  }

  /** Closes at once; what waits is rejected. */
  close(): void {
    this.finish();
  }

  private flush(): void {
    const { outgoing } = this;
    this.outgoing = [];
    if (this.isClosed || outgoing.length === 0) return;
    this.socket.write(outgoing.length === 1 && outgoing[0] ? outgoing[0] : Buffer.concat(outgoing));
  }

  private receive(chunk: Buffer): void {
    try {
      for (const raw of this.frames.push(chunk)) this.answer(raw);
    } catch {
      this.finish('RESP_PROTOCOL');
    }
    if (this.pendingRequests > 0) this.overdue?.refresh();
    else clearTimeout(this.overdue);
  }

  private awaitAnswer(): void {
    if (this.commandTimeoutMs > 0)
      this.overdue = setTimeout(() => this.finish('RESP_TIMEOUT'), this.commandTimeoutMs);
  }

  private answer(raw: Buffer): void {
    const request = this.waiting[this.answered];
    if (!request) return this.finish('RESP_PROTOCOL');
    this.answered += 1;
    if (this.answered === this.waiting.length || this.answered > 1_000) {
      this.waiting = this.waiting.slice(this.answered);
      this.answered = 0;
    }
    request.resolve(raw);
  }

  private finish(why: 'RESP_CLOSED' | 'RESP_TIMEOUT' | 'RESP_PROTOCOL' = 'RESP_CLOSED'): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.overdue);
    this.socket.destroy();
    const unanswered = this.waiting.slice(this.answered);
    this.waiting = [];
    this.answered = 0;
    for (const request of unanswered) request.reject(this.closedError(why));
    this.emit('close');
  }

  private closedError(code: 'RESP_CLOSED' | 'RESP_TIMEOUT' | 'RESP_PROTOCOL'): RespConnectionError {
    const what = {
      RESP_CLOSED: 'is closed',
      RESP_TIMEOUT: 'gave no answer in time',
      RESP_PROTOCOL: 'sent something that is not RESP',
    };
    const { host, port } = this.address;
    return new RespConnectionError(code, `The connection to ${host}:${port} ${what[code]}`, 'Connect again.');
  }
}

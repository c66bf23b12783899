import { RespConnection, RespConnectionError, encodeRequest } from '../../resp';
import { splitAddress } from '../protocol/address';
import { BackendError, type Done } from './request';

export interface BackendOptions {
  /** Sent as AUTH when not empty. */
  readonly password: string;
  readonly database: number;
  /** Milliseconds that a reply may take; then the connection is given up, and everything under way on it. */
  readonly readMs: number;
}

const CONNECT_MS = 5_000;
const FREE_RETRIES = 10;
const SHORTEST_REST_MS = 50;
const LONGEST_REST_MS = 5_000;
const PING = encodeRequest(['PING']);

/**
 * The shared connection to one database of a server. It connects by itself, again and again; requests wait while it tries, and fail at
 * once while it rests. That a server went away in silence is noticed by the next two requests only, as in the real proxy.
 */
export class Backend {
  private state: 'connecting' | 'connected' | 'resting' | 'ended' | 'reset' | 'closed' = 'connecting';
  private connection: RespConnection | undefined;
  private waiting: { request: Buffer; done: Done }[] = [];
  private fails = 0;
  private restMs = SHORTEST_REST_MS;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly address: string,
    private readonly options: BackendOptions,
  ) {
    void this.connect();
  }

  get isConnected(): boolean {
    return this.state === 'connected';
  }

  /** Replies come in the order of the requests. */
  send(request: Buffer, done: Done): void {
    switch (this.state) {
      case 'connected':
        return this.pass(request, done);
      case 'connecting':
        this.waiting.push({ request, done });
        return;
      case 'ended':
        this.state = 'reset';
        return done(new BackendError('backend conn failure, EOF'));
      case 'reset':
        done(
          new BackendError(
            `backend conn failure, write tcp ${this.address}: use of closed network connection`,
          ),
        );
        return void this.connect();
      case 'resting':
      case 'closed':
        return done(new BackendError('backend conn reset'));
    }
  }

  /** A PING that finds out about a connection that is gone. */
  keepAlive(): void {
    if (this.waiting.length === 0) this.send(PING, () => undefined);
  }

  close(): void {
    this.state = 'closed';
    clearTimeout(this.timer);
    this.connection?.close();
    this.failWaiting();
  }

  private pass(request: Buffer, done: Done): void {
    this.connection?.sendRaw(request).then(done, (error: unknown) => done(this.lost(error)));
  }

  /** Of the requests under way the first one learns why, the others only that there was a reset. */
  private lost(error: unknown): BackendError {
    if (this.state === 'reset' || this.state === 'closed') return new BackendError('backend conn reset');
    this.state = 'reset';
    const timedOut = error instanceof RespConnectionError && error.code === 'RESP_TIMEOUT';
    return new BackendError(
      `backend conn failure, ${timedOut ? `read tcp ${this.address}: i/o timeout` : 'EOF'}`,
    );
  }

  private async connect(): Promise<void> {
    this.state = 'connecting';
    try {
      const connection = await RespConnection.connect({
        ...splitAddress(this.address),
        connectTimeoutMs: CONNECT_MS,
        commandTimeoutMs: this.options.readMs,
      });
      await this.introduce(connection);
      this.adopt(connection);
    } catch {
      this.rest(); // the requests that waited get `backend conn reset`
    }
  }

  private async introduce(connection: RespConnection): Promise<void> {
    const { password, database } = this.options;
    for (const command of [password && ['AUTH', password], database > 0 && ['SELECT', String(database)]]) {
      const reply = command ? await connection.send(command) : undefined;
      if (reply?.type !== 'error') continue;
      connection.close();
      throw new BackendError(reply.text);
    }
  }

  private adopt(connection: RespConnection): void {
    if (this.isClosed) return connection.close();
    this.connection = connection;
    this.state = 'connected';
    this.fails = 0;
    this.restMs = SHORTEST_REST_MS;
    connection.once('close', () => {
      if (connection.pendingRequests === 0 && this.state === 'connected')
        queueMicrotask(() => this.noticeEnd());
    });
    const { waiting } = this;
    this.waiting = [];
    for (const { request, done } of waiting) this.pass(request, done);
  }

  /** Runs after the rejections of what was under way: they know better. */
  private noticeEnd(): void {
    if (this.state === 'connected') this.state = 'ended';
  }

  private rest(): void {
    if (this.isClosed) return;
    this.fails += 1;
    this.failWaiting();
    if (this.fails <= FREE_RETRIES) return void this.connect();
    this.state = 'resting';
    this.timer = setTimeout(() => void this.connect(), this.restMs);
    this.restMs = Math.min(this.restMs * 2, LONGEST_REST_MS);
  }

  private get isClosed(): boolean {
    return this.state === 'closed';
  }

  private failWaiting(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const { done } of waiting) done(new BackendError('backend conn reset'));
  }
}

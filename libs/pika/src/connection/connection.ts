import { Redis } from 'ioredis';
import type { SendGate } from '@slotferry/cluster';
import { describeCommand } from '../describe-command';
import { PikaError } from '../pika.errors';
import { refusal } from '../refusal';
import { type Reply, unexpectedReply } from '../reply';
import type { Endpoint } from './endpoint';
import { clientClosed, notSent, timedOut, unreachable } from './failure';
import { connectorFrom } from './source-connector';
import { withTimeLimit } from './time-limit';

export interface Request {
  readonly args: readonly (string | Buffer)[];
  /** Limit of the way to the reply, in ms. */
  readonly timeoutMs: number;
  /** True when it could change something: a lost reply then leaves the outcome unknown. */
  readonly changing: boolean;
  readonly gate?: SendGate;
}

/**
 * One TCP connection to a node: opened once, never reconnected, and given up at the first command that times out, so that a late
 * reply cannot be taken for the reply to another command.
 */
export class Connection {
  private readonly redis: Redis;
  private lastError: Error | null = null;
  private closedByOwner = false;
  /** Resolves when the socket is gone. */
  readonly ended: Promise<void>;

  constructor(private readonly endpoint: Endpoint) {
    const { sourceAddress } = endpoint;
    this.redis = new Redis({
      host: endpoint.host,
      port: endpoint.port,
      connectTimeout: endpoint.connectTimeoutMs,
      lazyConnect: true,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      disableClientInfo: true,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      ...(sourceAddress !== null && { Connector: connectorFrom(sourceAddress, endpoint) }),
    });
    this.redis.on('error', (error: Error) => {
      this.lastError = error;
    });
    this.ended = new Promise((resolve) => this.redis.once('end', () => resolve()));
  }

  /** True while a command can be written in this very moment. */
  get usable(): boolean {
    return this.redis.status === 'ready' && this.redis.stream.writable;
  }

  /**
   * Connects and presents the password.
   * A node that has no password although one is configured is accepted: a Codis product has one password for all its parts.
   * @throws PikaError `unreachable`, `timed-out`, `auth-failed`
   */
  async open(): Promise<void> {
    const { address, connectTimeoutMs } = this.endpoint;
    try {
      await withTimeLimit(this.redis.connect(), connectTimeoutMs, () =>
        timedOut(address, null, connectTimeoutMs, false),
      );
    } catch (error) {
      this.destroy();
      throw this.openingFailure(error);
    }
    if (this.endpoint.password !== null) await this.authenticate(this.endpoint.password);
  }

  /**
   * Writes the command at once (nothing happens between the gate and the bytes) and waits for the reply.
   * @throws PikaError, or whatever the gate throws; then nothing was sent
   */
  async send(request: Request): Promise<Reply> {
    const { args, changing, timeoutMs } = request;
    const command = describeCommand(args);
    if (!this.usable)
      throw this.closedByOwner ? this.closed(command, false) : notSent(this.endpoint.address, command);
    request.gate?.();
    const reply = this.write(args);
    try {
      return await withTimeLimit(reply, timeoutMs, () =>
        timedOut(this.endpoint.address, command, timeoutMs, changing),
      );
    } catch (error) {
      throw this.commandFailure(error, command, changing);
    }
  }

  /**
   * Sends several reads in one piece, with one limit for all. Answers in their order with the reply to each, or what went wrong with it.
   * @throws PikaError when none could be sent, or when not all were answered in time
   */
  async readAll(requests: readonly Request['args'][], timeoutMs: number): Promise<(Reply | Error)[]> {
    const commands = requests.map(describeCommand);
    const [first = ''] = commands;
    if (!this.usable)
      throw this.closedByOwner ? this.closed(first, false) : notSent(this.endpoint.address, first);
    const { stream } = this.redis;
    stream.cork();
    const replies = Promise.allSettled(requests.map((args) => this.write(args)));
    stream.uncork();
    const settled = await withTimeLimit(replies, timeoutMs, () =>
      timedOut(this.endpoint.address, first, timeoutMs, false),
    ).catch((error: unknown) => {
      throw this.commandFailure(error, first, false);
    });
    return settled.map((one, index) =>
      one.status === 'fulfilled' ? one.value : this.commandFailure(one.reason, commands[index] ?? '', false),
    );
  }

  /** Closes at once, without waiting for replies or for bytes not written yet. */
  close(): void {
    this.closedByOwner = true;
    this.destroy();
  }

  private write([name = '', ...args]: Request['args']): Promise<Reply> {
    // Upper case: ioredis reshapes the replies to some commands it knows by their lower-case names.
    return this.redis.callBuffer(name.toString().toUpperCase(), ...args) as Promise<Reply>;
  }

  private async authenticate(password: string): Promise<void> {
    try {
      await this.send({
        args: ['AUTH', password],
        timeoutMs: this.endpoint.commandTimeoutMs,
        changing: false,
      });
    } catch (error) {
      if (error instanceof PikaError && /no password is set/i.test(error.message)) return;
      this.destroy();
      throw error;
    }
  }

  private openingFailure(error: unknown): Error {
    const { address, connectTimeoutMs } = this.endpoint;
    if (this.closedByOwner) return this.closed(null, false);
    if (error instanceof PikaError) return error;
    if (this.lastError && 'code' in this.lastError && this.lastError.code === 'ETIMEDOUT') {
      return timedOut(address, null, connectTimeoutMs, false);
    }
    return unreachable(address, null, false, this.lastError ?? asError(error));
  }

  private commandFailure(error: unknown, command: string, changing: boolean): Error {
    const { address } = this.endpoint;
    const failure = asError(error);
    // The library's own errors carry the arguments of the command, passwords included: none of them becomes a cause.
    if (failure.name === 'ReplyError') return refusal(address, command, failure.message, changing);
    this.destroy();
    if (failure instanceof PikaError) return failure;
    if (this.closedByOwner) return this.closed(command, changing);
    if (failure.name === 'ParserError') {
      return unexpectedReply(
        { node: address, command },
        'a reply of the Redis protocol',
        undefined,
        changing,
      );
    }
    return unreachable(address, command, changing, this.lastError);
  }

  private closed(command: string | null, outcomeUnknown: boolean): PikaError {
    return clientClosed(this.endpoint.address, command, outcomeUnknown);
  }

  private destroy(): void {
    if (this.redis.status === 'end') return;
    this.redis.disconnect();
    // Without this, bytes that wait for a slow node would still be sent after the caller was told of the failure.
    (this.redis.stream as Redis['stream'] | undefined)?.destroy();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

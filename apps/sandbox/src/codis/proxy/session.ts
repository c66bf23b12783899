import { type Socket } from 'node:net';
import { OK, RequestFrames, decodeRequest, encodeReply, failure } from '../../resp';
import { causeOf } from '../protocol/codis-error';
import { type Gate } from '../protocol/gate';
import { atoi } from '../protocol/go-format';
import { hashKey } from './key-slot';
import { handleCommand, reply, wrongNumber } from './local-commands';
import { type OpStats } from './op-stats';
import { operation } from './op-table';
import { ReplyQueue } from './reply-queue';
import { type Done, type ProxyRequest, RequestError } from './request';
import { type Router } from './router';

export interface SessionContext {
  readonly router: Router;
  readonly gate: Gate;
  readonly stats: OpStats;
  /** Clients need no AUTH when empty. */
  readonly password: string;
}

/** More commands than this without a reply, and the connection is closed. */
const MAX_PIPELINE = 10_000;
/** From here on nothing more is read until what was read is dealt with. */
const READ_AHEAD = 4_096;
const DATABASES = 16;
const ASTERISK = 0x2a;

/** One client connection: a loop that reads commands, and replies in the order of the commands. */
export class Session {
  private readonly frames = new RequestFrames();
  private readonly replies: ReplyQueue;
  private unread: Buffer[] = [];
  private isBusy = false;
  private isEnding = false;
  private isAuthorized: boolean;
  private database = 0;

  constructor(
    private readonly socket: Socket,
    private readonly context: SessionContext,
  ) {
    this.isAuthorized = context.password === '';
    this.replies = new ReplyQueue(socket, context.gate, context.stats);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
  }

  private receive(chunk: Buffer): void {
    try {
      for (const raw of this.frames.push(chunk)) this.unread.push(raw);
    } catch {
      return void this.socket.destroy(); // no RESP: closed without a word
    }
    if (this.unread.length > READ_AHEAD) this.socket.pause();
    if (!this.isBusy) void this.readLoop();
  }

  /** A command that has to wait makes everything behind it wait too. */
  private async readLoop(): Promise<void> {
    this.isBusy = true;
    while (this.unread.length > 0 && !this.isEnding && !this.socket.destroyed) {
      const batch = this.unread;
      this.unread = [];
      if (this.socket.isPaused() && !this.context.gate.closed) this.socket.resume();
      for (const raw of batch) {
        if (this.context.gate.closed) await this.context.gate.pass();
        const wait = this.take(raw);
        if (wait) await wait;
        if (this.isEnding || this.socket.destroyed) break;
      }
    }
    this.isBusy = false;
    if (this.isEnding) this.replies.end();
  }

  private take(raw: Buffer): Promise<void> | undefined {
    let args: Buffer[];
    try {
      args = decodeRequest(raw);
    } catch {
      return this.hangUp();
    }
    if (args.length === 0) return raw[0] === ASTERISK ? this.hangUp() : undefined;
    this.context.stats.total += 1;
    if (this.replies.length > MAX_PIPELINE) return this.hangUp();
    return this.handle(args);
  }

  private hangUp(): undefined {
    this.isEnding = true;
    return undefined;
  }

  private handle(args: Buffer[]): Promise<void> | undefined {
    const found = operation(args[0] ?? Buffer.alloc(0));
    const done = this.replies.expect(found?.name ?? '');
    const refuse = (error: unknown): undefined =>
      reply(failure(`ERR handle request, ${causeOf(error)}`), done);
    if (!found) return refuse(new RequestError('bad command length, too short or too long'));
    if (found.isBlocked) return refuse(new RequestError(`command '${found.name}' is not allowed`));
    const { database } = this;
    const isBroken = (): boolean => this.socket.destroyed;
    try {
      const key = hashKey(found.name, args);
      return this.carryOut({ operation: found, args, key, database, isBroken }, done)?.catch(refuse);
    } catch (error) {
      return refuse(error);
    }
  }

  private carryOut(request: ProxyRequest, done: Done): Promise<void> | undefined {
    switch (request.operation.name) {
      case 'QUIT':
        this.isEnding = true;
        return reply(OK, done);
      case 'AUTH':
        return this.authenticate(request, done);
    }
    if (!this.isAuthorized) return reply(failure('NOAUTH Authentication required'), done);
    if (request.operation.name === 'SELECT') return this.select(request, done);
    return handleCommand(this.context.router, request, done);
  }

  private authenticate({ args }: ProxyRequest, done: Done): undefined {
    const { password } = this.context;
    if (args.length !== 2) return wrongNumber('AUTH', done);
    if (password === '') return reply(failure('ERR Client sent AUTH, but no password is set'), done);
    this.isAuthorized = args[1]?.toString() === password;
    return reply(this.isAuthorized ? OK : failure('ERR invalid password'), done);
  }

  private select({ args }: ProxyRequest, done: Done): undefined {
    if (args.length !== 2) return wrongNumber('SELECT', done);
    const database = atoi(args[1]?.toString() ?? '');
    if (database === undefined) return reply(failure('ERR invalid DB index'), done);
    if (database < 0 || database >= DATABASES)
      return reply(failure('ERR invalid DB index, out of range'), done);
    this.database = database;
    return reply(OK, done);
  }
}

/** What a client gets that is not let in; then the connection is closed. */
export function turnAway(socket: Socket, text: string): void {
  socket.end(encodeReply(failure(text)));
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from './eventually';

/** `before`: Redis has not got the words yet; `after`: Redis has answered, and the answer has not been passed on. */
export type GateMoment = 'before' | 'after';

/** `drop`: as if whoever spoke had gone in that moment. */
export type GateVerdict = 'pass' | 'drop';

/** Words that are waited for, and what happens then, once. */
export interface GateWatch {
  readonly moment: GateMoment;
  /** What one client has said lately, up to now. */
  is(said: string): boolean;
  strike(): GateVerdict | Promise<GateVerdict>;
}

/** More than any one command of a worker has. */
const remembered = 131_072;
const answerLimitMs = 2_000;

/** Passes on what one worker and Redis say to each other, and can strike between two words. */
export class RedisGate {
  /** Taken away when it strikes. */
  watch: GateWatch | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly redisPort: number,
  ) {
    server.on('connection', (client) => this.serve(client));
  }

  static async start(redisPort: number): Promise<RedisGate> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RedisGate(server, redisPort);
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(client: Socket): void {
    const redis = connect(this.redisPort, '127.0.0.1');
    const line = new Line(client, redis, (said) => this.take(said));
    for (const socket of [client, redis]) {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.on('close', () => {
        this.sockets.delete(socket);
        line.end();
      });
      // Either side may die in a test; what follows from it is what the test is about.
      socket.on('error', () => line.end());
    }
  }

  private take(said: string): GateWatch | undefined {
    const { watch } = this;
    if (!watch?.is(said)) return undefined;
    this.watch = undefined;
    return watch;
  }
}

/** One connection of the worker. */
class Line {
  private said = '';
  private answers = 0;

  constructor(
    private readonly client: Socket,
    private readonly redis: Socket,
    private readonly take: (said: string) => GateWatch | undefined,
  ) {
    client.on('data', (chunk: Buffer) => void this.forward(chunk));
    redis.on('data', (chunk: Buffer) => {
      this.answers += 1;
      client.write(chunk);
    });
  }

  end(): void {
    this.client.destroy();
    this.redis.destroy();
  }

  private async forward(chunk: Buffer): Promise<void> {
    this.said = (this.said + chunk.toString('latin1')).slice(-remembered);
    const watch = this.take(this.said);
    if (!watch) {
      this.redis.write(chunk);
      return;
    }
    this.said = '';
    this.client.pause();
    // The answer is kept from the worker until the strike is over.
    this.client.cork();
    if (watch.moment === 'after') await this.answered(chunk);
    if ((await watch.strike()) === 'drop') return this.end();
    if (watch.moment === 'before') this.redis.write(chunk);
    this.client.uncork();
    this.client.resume();
  }

  private async answered(chunk: Buffer): Promise<void> {
    const before = this.answers;
    this.redis.write(chunk);
    await eventually('the answer of Redis', () => this.answers > before, answerLimitMs);
  }
}

import { RespConnection, RespConnectionError, type RespValue } from '../../resp';
import { refuse } from '../protocol/codis-error';
import { splitAddress } from '../protocol/address';

export interface NodeClientOptions {
  /** Sent as AUTH when not empty. */
  readonly password: string;
  readonly connectMs: number;
  readonly commandMs: number;
}

/** A connection from the dashboard to a server. Every error is a `CodisError` with the text that the Go client gives. */
export class NodeClient {
  private database = 0;

  private constructor(
    readonly address: string,
    private readonly connection: RespConnection,
  ) {}

  /** @throws CodisError `dial tcp A: connect: connection refused`, or the server's answer to AUTH */
  static async open(address: string, options: NodeClientOptions): Promise<NodeClient> {
    try {
      const connection = await RespConnection.connect({
        ...splitAddress(address),
        connectTimeoutMs: options.connectMs,
        commandTimeoutMs: options.commandMs,
      });
      const client = new NodeClient(address, connection);
      if (options.password !== '') await client.login(options.password);
      return client;
    } catch (error) {
      throw inGoWords(error, address);
    }
  }

  get closed(): boolean {
    return this.connection.closed;
  }

  /** @throws CodisError with the text of an error reply, or of a broken connection */
  async command(...args: string[]): Promise<RespValue> {
    const reply = await this.reply(args);
    if (reply.type === 'error') throw refuse(reply.text);
    return reply;
  }

  /** Sends several commands at once; the first error reply is thrown when all have been answered. */
  async pipeline(commands: readonly string[][]): Promise<RespValue[]> {
    const replies = await Promise.all(commands.map((args) => this.reply(args)));
    const wrong = replies.find((reply) => reply.type === 'error');
    if (wrong?.type === 'error') throw refuse(wrong.text);
    return replies;
  }

  async select(database: number): Promise<void> {
    if (this.database === database) return;
    await this.command('SELECT', String(database));
    this.database = database;
  }

  close(): void {
    this.connection.close();
  }

  private async login(password: string): Promise<void> {
    try {
      await this.command('AUTH', password);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  private async reply(args: readonly string[]): Promise<RespValue> {
    try {
      return await this.connection.send(args);
    } catch (error) {
      throw inGoWords(error, this.address);
    }
  }
}

function inGoWords(error: unknown, address: string): unknown {
  if (!(error instanceof RespConnectionError)) return error;
  switch (error.code) {
    case 'RESP_CONNECT':
      return refuse(
        `dial tcp ${address}: ${error.message.includes('ECONNREFUSED') ? 'connect: connection refused' : 'i/o timeout'}`,
      );
    case 'RESP_TIMEOUT':
      return refuse(`read tcp ${address}: i/o timeout`);
    case 'RESP_PROTOCOL':
      return refuse('redigo: unexpected response line');
    case 'RESP_CLOSED':
      return refuse('EOF');
  }
}

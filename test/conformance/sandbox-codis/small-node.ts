import {
  OK,
  RespServer,
  type RespValue,
  array,
  bulk,
  failure,
  integer,
  simple,
} from '../../../apps/sandbox/src/resp';

/** What the node says to the dashboard and to the proxy about slots in migration. */
export interface SlotAnswers {
  /** `SLOTSMGRTTAGSLOT-ASYNC`: by slot; integer 0 = nothing left. */
  remaining: (slot: number) => RespValue;
  /** Whether writes and reads of a slot in migration are held. */
  wrapper: () => RespValue;
  /** The end of the transaction in which a dashboard repoints a server. Pika knows no transactions. */
  exec: () => RespValue;
}

/** The little of a server that a dashboard and a proxy ask for: strings, `SLOTSINFO`, the migration commands of Pika. */
export class SmallNode {
  readonly data = new Map<string, Buffer>();
  readonly commands: string[][] = [];
  readonly answers: SlotAnswers = {
    remaining: () => integer(0),
    exec: () => failure("ERR unknown or unsupported command 'EXEC'"),
    wrapper: () => array([integer(1), integer(1)]),
  };
  private readonly server: RespServer;

  private constructor(private readonly password: string) {
    this.server = new RespServer((args, session) => {
      const words = args.map((arg) => arg.toString());
      this.commands.push(words);
      const name = words[0]?.toUpperCase() ?? '';
      if (name === 'AUTH') {
        if (this.password === '') return failure('ERR Client sent AUTH, but no password is set');
        session.state.set('in', words[1] === this.password);
        return words[1] === this.password ? OK : failure('ERR invalid password');
      }
      if (this.password !== '' && session.state.get('in') !== true) {
        return failure('NOAUTH Authentication required.');
      }
      return this.answer(name, args, words);
    });
  }

  address = '';

  static async start(password = '', port = 0): Promise<SmallNode> {
    const node = new SmallNode(password);
    const { host, port: taken } = await node.server.listen(port);
    node.address = `${host}:${taken}`;
    return node;
  }

  /** Every command with this name, in upper case. */
  seen(name: string): string[][] {
    return this.commands.filter(([word]) => word?.toUpperCase() === name);
  }

  freeze(): void {
    this.server.freeze();
  }

  thaw(): void {
    this.server.thaw();
  }

  async close(): Promise<void> {
    for (const { socket } of this.server.sessions) socket.destroy();
    await this.server.close();
  }

  private migrated(slot: number): RespValue {
    const remaining = this.answers.remaining(slot);
    return remaining.type === 'error' ? remaining : array([integer(0), remaining]);
  }

  private answer(name: string, args: Buffer[], words: string[]): RespValue {
    const key = words[1] ?? '';
    switch (name) {
      case 'PING':
        return simple('PONG');
      case 'SELECT':
        return OK;
      case 'SLOTSINFO':
        return array([]);
      case 'INFO':
        return bulk(
          words[1] === 'keyspace'
            ? '# Keyspace\r\ndb0 Strings_keys=0, expires=0, invalid_keys=0\r\n'
            : '# Server\r\npika_version:3.4.1\r\n# Replication\r\nrole:master\r\n',
        );
      case 'MULTI':
      case 'SLAVEOF':
      case 'CLIENT':
        return OK;
      case 'EXEC':
        return this.answers.exec();
      case 'CONFIG':
        return array([bulk('maxmemory'), bulk('0')]);
      case 'GET':
        return bulk(this.data.get(key) ?? null);
      case 'SET':
        this.data.set(key, Buffer.from(args[2] ?? ''));
        return OK;
      case 'MGET':
        return array(words.slice(1).map((one) => bulk(this.data.get(one) ?? null)));
      case 'MSET':
        this.data.set(key, Buffer.from(args[2] ?? ''));
        return OK;
      case 'DEL':
        return integer(this.data.delete(key) ? 1 : 0);
      case 'EXISTS':
        return integer(this.data.has(key) ? 1 : 0);
      case 'SLOTSMGRTTAGSLOT-ASYNC':
        return this.migrated(Number(words[6]));
      case 'SLOTSMGRT-EXEC-WRAPPER':
        return this.answers.wrapper();
      default:
        return failure(`ERR unknown or unsupported command '${words[0] ?? ''}'`);
    }
  }
}

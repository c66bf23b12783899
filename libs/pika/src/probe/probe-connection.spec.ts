import { freePort } from '../../../../test/support/redis';
import { ScriptedNode } from '../testing/scripted-node';
import { ProbeConnection, type ProbeFailure } from './probe-connection';
import type { ProbeReply } from './reply-reader';

interface Watched {
  readonly connection: ProbeConnection;
  readonly connected: Promise<void>;
  readonly failed: Promise<ProbeFailure>;
}

function watch(port: number, password: string | null = null, sourceAddress: string | null = null): Watched {
  let tell: () => void = () => undefined;
  let fail: (failure: ProbeFailure) => void = () => undefined;
  const connected = new Promise<void>((resolve) => (tell = resolve));
  const failed = new Promise<ProbeFailure>((resolve) => (fail = resolve));
  const target = { host: '127.0.0.1', port, password, sourceAddress };
  const connection = new ProbeConnection(target, { connected: () => tell(), failed: (why) => fail(why) });
  return { connection, connected, failed };
}

const ask = (connection: ProbeConnection, ...args: string[]): Promise<ProbeReply> =>
  new Promise((resolve) => connection.ask(args, resolve));

describe('a connection that asks how a node is', () => {
  let node: ScriptedNode;
  let port: number;

  beforeEach(async () => {
    node = await ScriptedNode.start((_request, socket) => socket.write('+PONG\r\n'));
    port = Number(node.address.split(':')[1]);
  });
  afterEach(() => node.stop());

  it('gets answers of all kinds in their order, however they are cut', async () => {
    node.script = ([name = ''], socket) => {
      if (name === 'PING') socket.write('+PO');
      if (name === 'PING') setImmediate(() => socket.write('NG\r\n'));
      if (name === 'EXISTS') socket.write(':1\r\n');
      if (name === 'INFO') socket.write('$5\r\na\r');
      if (name === 'INFO') setImmediate(() => socket.write('\nbc\r\n'));
      if (name === 'GET') socket.write('$-1\r\n-ERR Partition not found\r\n');
    };
    const { connection, connected } = watch(port);
    await connected;
    expect(await ask(connection, 'PING')).toEqual({ refused: false, text: 'PONG' });
    expect(await ask(connection, 'EXISTS', 'k')).toEqual({ refused: false, text: '1' });
    expect(await ask(connection, 'INFO')).toEqual({ refused: false, text: 'a\r\nbc' });
    const both = await Promise.all([ask(connection, 'GET', 'a'), ask(connection, 'NOTHING')]);
    expect(both).toEqual([
      { refused: false, text: '' },
      { refused: true, text: 'ERR Partition not found' },
    ]);
    connection.destroy();
  });

  it('asks in one piece what is asked together', async () => {
    const { connection, connected } = watch(port);
    await connected;
    await node.accepted(1);
    const pieces: string[] = [];
    node.sockets[0]?.on('data', (piece: Buffer) => pieces.push(piece.toString()));
    const replies: ProbeReply[] = [];
    await new Promise<void>((resolve) =>
      connection.together(() => {
        connection.ask(['PING'], (reply) => replies.push(reply));
        connection.ask(['EXISTS', 'k'], (reply) => (replies.push(reply), resolve()));
      }),
    );
    expect(pieces).toEqual(['*1\r\n$4\r\nPING\r\n*2\r\n$6\r\nEXISTS\r\n$1\r\nk\r\n']);
    expect(replies).toHaveLength(2);
    connection.destroy();
  });

  it('shows its password first, and keeps its answer to itself', async () => {
    const { connection, connected } = watch(port, 'secret');
    await connected;
    expect(await ask(connection, 'PING')).toEqual({ refused: false, text: 'PONG' });
    expect(node.lines).toEqual(['AUTH secret', 'PING']);
    connection.destroy();
  });

  it('connects from the address it is told', async () => {
    const { connection, connected } = watch(port, null, '127.0.0.9');
    await connected;
    await node.accepted(1);
    expect(node.sockets[0]?.remoteAddress).toBe('127.0.0.9');
    connection.destroy();
  });

  it('tells at once when the node goes', async () => {
    const { connected, failed } = watch(port);
    await connected;
    await node.accepted(1);
    node.sockets[0]?.destroy();
    expect(await failed).toBe('ended');
  });

  it('tells a port that refuses from a way that is none', async () => {
    expect(await watch(await freePort()).failed).toBe('refused');
    expect(await watch(port, null, '203.0.113.1').failed).toBe('unreachable');
  });

  it('gives up a node that speaks something else', async () => {
    node.script = (_request, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n');
    const { connection, connected, failed } = watch(port);
    await connected;
    connection.ask(['PING'], () => undefined);
    expect(await failed).toBe('ended');
  });
});

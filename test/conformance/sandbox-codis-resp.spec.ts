import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { type SandboxProxy, startProxy } from '../../apps/sandbox/src/codis';
import { keySlot } from '../../apps/sandbox/src/codis/proxy/key-slot';
import { splitAddress } from '../../apps/sandbox/src/codis/protocol/address';
import { type RespConnection } from '../../apps/sandbox/src/resp';
import { clientOf, written } from './sandbox-codis/client';
import { CodisLab } from './sandbox-codis/codis-lab';
import { all, assign, groups, proxies } from './sandbox-codis/states';

interface RecordedCommand {
  readonly command?: string[];
  readonly raw?: string;
  readonly connection?: number;
  readonly reply: string;
}

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const recorded = (name: string): RecordedCommand[] =>
  (
    JSON.parse(readFileSync(join(__dirname, 'recordings/codis/http', `${name}.json`), 'utf8')) as unknown[]
  ).filter((step): step is RecordedCommand => typeof step === 'object');

describe('commands through the proxy', () => {
  const lab = new CodisLab();
  let proxy: SandboxProxy;
  let client: RespConnection;

  beforeAll(async () => {
    await all(groups({ 1: ['18201'] }), proxies(18101), assign(1, [0, 1023]))(lab);
    await lab.done('slots/assign/X/offline', [{ id: keySlot(Buffer.from('t389')), group_id: 0 }]);
    proxy = await lab.proxy(18101);
    client = await clientOf(proxy.clientAddress);
  });

  afterAll(async () => {
    client.close();
    await lab.close();
  });

  it('answers as recorded', async () => {
    for (const { command, reply } of recorded('proxy.RESP-commands').filter((step) => step.command)) {
      expect(written(await client.send(command ?? []))).toBe(reply);
    }
  });

  it('closes the connection after a length of -1', async () => {
    const socket = connect(splitAddress(proxy.clientAddress));
    socket.write('*-1\r\n');
    await once(socket.resume(), 'end');
  });

  it('hashes keys and tags as the real proxy', () => {
    const slots = ['a', 'b', '{a}b', 'b{a}', 'a}{b}', '{}a', '{a', ''].map((key) =>
      keySlot(Buffer.from(key)),
    );
    expect(slots).toEqual([579, 1017, 579, 579, 1017, 0, 780, 0]);
  });

  it('carries out the first parts of a split command that fails later', async () => {
    await client.send(['SET', 'k1', 'old']);
    expect(written(await client.send(['MSET', 'k1', 'new', 't389', 'x']))).toBe(
      '-ERR handle request, slot is not ready, may be offline',
    );
    expect(written(await client.send(['GET', 'k1']))).toBe('new');
  });

  it('keeps the order of pipelined replies, splits commands and takes a server as argument of PING', async () => {
    const { address } = await lab.node(18201);
    const replies = await Promise.all(
      [
        ['MSET', 'a', '1', 'b', '2'],
        ['MGET', 'a', 'none', 'b'],
        ['EXISTS', 'a', 'a', 'none'],
        ['DEL', 'a', 'b', 'none'],
        ['SELECT', '16'],
        ['PING', address],
        ['PING', 'hello'],
        ['KEYS', '*'],
        ['SLOTSMAPPING', '7'],
      ].map((command) => client.send(command)),
    );
    expect(replies.map(written)).toEqual([
      '+OK',
      '*3\r\n$1\r\n1\r\n$-1\r\n$1\r\n2',
      ':2',
      ':2',
      '-ERR invalid DB index, out of range',
      '+PONG',
      "-ERR backend server 'hello' not found",
      "-ERR handle request, command 'KEYS' is not allowed",
      `*4\r\n:7\r\n$${address.length}\r\n${address}\r\n$0\r\n\r\n*0`,
    ]);
  });
});

it('asks clients for their password as recorded', async () => {
  const lab = new CodisLab();
  const proxy = await startProxy({
    admin: LOOPBACK,
    client: LOOPBACK,
    product: lab.product,
    sessionAuth: 'clientpw',
    maxClients: 2,
  });
  await groups({ 1: ['18201'] })(lab);
  await lab.done(`proxy/create/X/${proxy.adminAddress}`);
  await assign(1, [0, 1023])(lab);
  const clients = new Map<number | undefined, RespConnection>();
  for (const { command = [], connection, reply } of recorded('proxy.RESP-session-auth')) {
    const client = clients.get(connection) ?? (await clientOf(proxy.clientAddress));
    clients.set(connection, client);
    if (reply.includes('max number of clients')) {
      await expect(greeting(proxy.clientAddress)).resolves.toBe(reply);
      continue;
    }
    expect([command, written(await client.send(command))]).toEqual([command, reply]);
    if (command[0] === 'QUIT') client.close();
  }
  for (const client of clients.values()) client.close();
  await Promise.all([proxy.close(), lab.close()]);
});

it('turns clients away until somebody starts the proxy', async () => {
  const proxy = await startProxy({ admin: LOOPBACK, client: LOOPBACK, product: 'lab' });
  await expect(greeting(proxy.clientAddress)).resolves.toBe('-ERR router is not online');
  await proxy.close();
});

/** What a client is told that is not let in. */
async function greeting(address: string): Promise<string> {
  const socket = connect(splitAddress(address));
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return first.toString().trimEnd();
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { PikaNode } from './pika-node';

/** Redis answers the commands about single keys as Pika does. */
describe('fingerprints of keys', () => {
  let server: ChildProcess;
  let node: PikaNode;

  beforeAll(async () => {
    const port = await freePort();
    server = spawn('redis-server', [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ]);
    await ready(server);
    node = new PikaNode({ address: `127.0.0.1:${port}` });
  });

  afterAll(async () => {
    await node.close();
    const exit = once(server, 'exit');
    server.kill();
    await exit;
  });

  beforeEach(() => node.raw(['FLUSHALL']));

  const fill = async (key: string, commands: string[][]): Promise<void> => {
    for (const [name = '', ...args] of commands) await node.raw([name, key, ...args]);
  };
  const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

  it.each([
    ['string', [['SET', 'v']], [['SET', 'w']]],
    ['hash', [['HSET', 'f', '1', 'g', '2']], [['HSET', 'f', '2', 'g', '1']]],
    ['list', [['RPUSH', 'a', 'b']], [['RPUSH', 'b', 'a']]],
    ['list of many', [['RPUSH', ...numbers(300)]], [['RPUSH', ...numbers(299), 'x']]],
    ['set', [['SADD', 'a', 'b']], [['SADD', 'a', 'c']]],
    ['set of many', [['SADD', ...numbers(300)]], [['SADD', ...numbers(301)]]],
    ['zset', [['ZADD', '1', 'm']], [['ZADD', '2', 'm']]],
  ])('tell two values of a %s apart, and equal ones not', async (type, one, other) => {
    await fill('one', one);
    await fill('same', one);
    await fill('other', other);
    const [first, same, different] = await Promise.all(
      ['one', 'same', 'other'].map((key) => node.fingerprint(key)),
    );
    expect(first?.type).toBe(type.split(' ')[0]);
    expect(first).toEqual(same);
    expect(different?.digest).not.toBe(first?.digest);
  });

  it('do not depend on the order in which a hash or a set was filled', async () => {
    await fill('one', [['SADD', 'a', 'b', 'c'], ['DEL'], ['SADD', 'c', 'a', 'b']]);
    await fill('same', [['SADD', 'b', 'c', 'a']]);
    expect(await node.fingerprint('one')).toEqual(await node.fingerprint('same'));
  });

  it('tell a time to live from none, and a missing key from both', async () => {
    await fill('one', [['SET', 'v']]);
    await fill('other', [
      ['SET', 'v'],
      ['EXPIRE', '100'],
    ]);
    const all = await Promise.all(['one', 'other', 'missing'].map((key) => node.fingerprint(key)));
    expect(all.map(({ type, ttlSet }) => [type, ttlSet])).toEqual([
      ['string', false],
      ['string', true],
      ['none', false],
    ]);
  });

  it('are read in few pieces for many keys', async () => {
    const keys = numbers(20);
    for (const key of keys) await node.raw(['SET', key, `value of ${key}`]);
    const packets = async (): Promise<number> =>
      Number(/total_reads_processed:(\d+)/.exec(String(await node.raw(['INFO', 'stats'])))?.[1]);
    const before = await packets();
    const all = await Promise.all(keys.map((key) => node.fingerprint(key)));
    expect(new Set(all.map(({ digest }) => digest)).size).toBe(keys.length);
    // Three for all keys, and what asks for this number; 80 commands.
    expect((await packets()) - before).toBeLessThan(12);
  });

  it('fail for all who asked when the node cannot be reached, and say so', async () => {
    const nobody = new PikaNode({ address: `127.0.0.1:${await freePort()}` });
    const all = await Promise.allSettled(['one', 'other'].map((key) => nobody.fingerprint(key)));
    for (const one of all) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'unreachable' } });
    await nobody.close();
    await expect(nobody.fingerprint('one')).rejects.toMatchObject({ code: 'closed' });
  });

  it('tell bytes apart that are no text', async () => {
    await node.raw(['SET', Buffer.from([0xfe]), Buffer.from([0xff])]);
    await node.raw(['SET', 'other', Buffer.from([0xfd])]);
    const one = await node.fingerprint(Buffer.from([0xfe]));
    expect(one.type).toBe('string');
    expect((await node.fingerprint('other')).digest).not.toBe(one.digest);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function ready(server: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    server.once('error', reject);
  });
}

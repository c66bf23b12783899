import { startRedis, type TestRedis } from '../../../test/support/redis';
import type { KeyValue } from './key-value';
import { PikaNode } from './pika-node';

/** Redis answers the commands about single keys as Pika does. */
describe('values of keys', () => {
  const limits = { bytes: 100, elements: 10 };
  let server: TestRedis;
  let node: PikaNode;

  beforeAll(async () => {
    server = await startRedis();
    node = new PikaNode({ address: new URL(server.url).host });
  });
  afterAll(async () => {
    await node.close();
    await server.stop();
  });
  beforeEach(() => node.raw(['FLUSHALL']));

  const read = async (...command: string[]): Promise<[string, number, string[], boolean]> => {
    const [name = '', ...args] = command;
    await node.raw([name, 'key', ...args]);
    const { type, size, elements, whole }: KeyValue = await node.value('key', limits);
    return [type, size, elements.map(String), whole];
  };
  const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

  it.each([
    ['SET v', ['string', 1, ['v'], true]],
    ['HSET g 2 f 1', ['hash', 2, ['f', '1', 'g', '2'], true]],
    ['RPUSH b a b', ['list', 3, ['b', 'a', 'b'], true]],
    ['SADD c a b', ['set', 3, ['a', 'b', 'c'], true]],
    ['ZADD 2 m 1 n', ['zset', 2, ['n', '1', 'm', '2'], true]],
  ])('are read whole: %s', async (command, expected) => {
    expect(await read(...command.split(' '))).toEqual(expected);
  });

  it('are read up to the limit, or not at all, when they are too large', async () => {
    expect(await read('SET', 'v'.repeat(101))).toEqual(['string', 101, [], false]);
    await node.raw(['DEL', 'key']);
    expect(await read('RPUSH', ...numbers(11))).toEqual(['list', 11, numbers(10), false]);
    await node.raw(['DEL', 'key']);
    expect(await read('SADD', ...numbers(11))).toEqual(['set', 11, [], false]);
    await node.raw(['DEL', 'key']);
    expect(await read('HSET', ...numbers(22))).toEqual(['hash', 11, [], false]);
    await node.raw(['DEL', 'key']);
    expect((await read('ZADD', ...numbers(22))).slice(0, 2)).toEqual(['zset', 11]);
  });

  it('keep bytes that are no text, and tell a time to live from none', async () => {
    const bytes = Buffer.from([0xff, 0x00]);
    await node.raw(['SET', bytes, bytes]);
    expect((await node.value(bytes, limits)).elements).toEqual([bytes]);
    expect((await node.value(bytes, limits)).ttl).toBeNull();
    await node.raw(['EXPIRE', bytes, '100']);
    expect((await node.value(bytes, limits)).ttl).toBeGreaterThan(90);
    expect(await node.value('missing', limits)).toMatchObject({ type: 'none', ttl: null, size: 0 });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { RespConnection, encodeReply } from '../../resp';
import { PikaCluster } from '../testing/pika-cluster';

/** Each type has keys of its own: in Pika they would not get into each other's way, in Redis they would. */
const string = fc.constantFrom('s1', 's2', 's3');
const hash = fc.constantFrom('h1', 'h2');
const list = fc.constantFrom('l1', 'l2');
const set = fc.constantFrom('m1', 'm2');
const zset = fc.constantFrom('z1', 'z2');
const any = fc.oneof(string, hash, list, set, zset, fc.constant('none'));
const word = fc.constantFrom('a', 'b', 'c', '1', '10', '-3', '');
const filled = fc.constantFrom('a', 'b', 'c', '7');
const number = fc.integer({ min: -4, max: 12 }).map(String);
const score = fc.constantFrom('1', '2', '2.5', '-1', 'inf');

const command = fc.oneof(
  fc.tuple(fc.constantFrom('get', 'strlen', 'incr', 'decr'), string),
  fc.tuple(fc.constantFrom('append', 'setnx'), string, word),
  fc.tuple(fc.constant('set'), string, word),
  fc.tuple(fc.constant('set'), string, word, fc.constantFrom('xx', 'NX')),
  fc.tuple(fc.constantFrom('incrby', 'decrby'), string, word),
  fc.tuple(fc.constant('getrange'), string, number, number),
  fc.tuple(fc.constant('setrange'), string, fc.constantFrom('0', '2'), filled),
  fc.tuple(fc.constant('mget'), string, string, fc.constant('none')),
  fc.tuple(fc.constant('mset'), string, word, string, word),
  fc.tuple(fc.constantFrom('del', 'exists', 'ttl', 'type', 'persist'), any),
  fc.tuple(fc.constant('expire'), any, fc.constantFrom('100', '200')),
  fc.tuple(fc.constantFrom('del', 'exists'), any, any),
  fc.tuple(fc.constantFrom('hset', 'hsetnx'), hash, word, word),
  fc.tuple(fc.constantFrom('hget', 'hexists', 'hdel', 'hstrlen'), hash, word),
  fc.tuple(fc.constantFrom('hlen', 'hgetall', 'hkeys', 'hvals'), hash),
  fc.tuple(fc.constant('hmset'), hash, word, word, word, word),
  fc.tuple(fc.constant('hmget'), hash, word, word),
  fc.tuple(fc.constant('hincrby'), hash, word, number),
  fc.tuple(fc.constantFrom('lpush', 'rpush'), list, word, word),
  fc.tuple(fc.constantFrom('lpushx', 'rpushx'), list, word),
  fc.tuple(fc.constantFrom('lpop', 'rpop', 'llen'), list),
  fc.tuple(fc.constantFrom('lrange', 'ltrim'), list, number, number),
  fc.tuple(fc.constant('lindex'), list, number),
  fc.tuple(fc.constant('lset'), list, number, word),
  fc.tuple(fc.constant('lrem'), list, number, word),
  fc.tuple(fc.constant('linsert'), list, fc.constantFrom('before', 'AFTER'), word, word),
  fc.tuple(fc.constantFrom('sadd', 'srem'), set, word, word),
  fc.tuple(fc.constant('sismember'), set, word),
  fc.tuple(fc.constant('scard'), set),
  fc.tuple(fc.constant('zadd'), zset, score, word, score, word),
  fc.tuple(fc.constantFrom('zscore', 'zrank', 'zrevrank'), zset, word),
  fc.tuple(fc.constant('zcard'), zset),
  fc.tuple(fc.constant('zrem'), zset, word, word),
  fc.tuple(fc.constant('zincrby'), zset, fc.constantFrom('1', '-2.5'), word),
  fc.tuple(fc.constantFrom('zrange', 'zrevrange'), zset, number, number, fc.constant('withscores')),
  fc.tuple(
    fc.constant('zrangebyscore'),
    zset,
    fc.constantFrom('-inf', '(1', '2'),
    fc.constantFrom('+inf', '(2', '2'),
  ),
  fc.tuple(
    fc.constant('zcount'),
    zset,
    fc.constantFrom('-inf', '(1', '2'),
    fc.constantFrom('+inf', '(2', '2'),
  ),
  fc.tuple(
    fc.constant('zremrangebyscore'),
    zset,
    fc.constantFrom('-inf', '(1'),
    fc.constantFrom('+inf', '2'),
  ),
  fc.tuple(fc.constant('zremrangebyrank'), zset, number, number),
);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function connectSoon(port: number): Promise<RespConnection> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await RespConnection.connect({ host: '127.0.0.1', port });
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('commands on keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-redis-'));
  let server: ChildProcess;
  let redis: RespConnection;
  let cluster: PikaCluster;

  beforeAll(async () => {
    const port = await freePort();
    const options = ['--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder];
    server = spawn('redis-server', [...options, '--bind', '127.0.0.1'], { stdio: 'ignore' });
    redis = await connectSoon(port);
    cluster = await PikaCluster.start({ nodes: 1 });
    await cluster.ask(1, 'pkcluster addslots 0-1023');
  });

  afterAll(async () => {
    redis.close();
    await cluster.stop();
    await new Promise((resolve) => {
      server.once('exit', resolve);
      server.kill();
    });
    rmSync(folder, { recursive: true });
  });

  it('answer as a real Redis does, errors by their class', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
        await redis.send(['flushall']);
        for (const { data } of cluster.node(1).store.slots) data.clear();
        for (const words of commands) {
          const expected = comparable(words[0], encodeReply(await redis.send(words)));
          const actual = comparable(words[0], encodeReply(await cluster.send(1, words)));
          expect([words, actual]).toEqual([words, expected]);
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

const UNORDERED = new Set(['hgetall', 'hkeys', 'hvals']);

/** Error texts differ between the servers, and so does the order of fields, the null of a refused SET. */
function comparable(name: string, raw: Buffer): string {
  const text = raw.toString('latin1').replace(/^-[\s\S]*/, '-error');
  if (name === 'set') return text.replace('*-1', '$-1');
  return UNORDERED.has(name) ? text.split('\r\n').sort().join() : text;
}

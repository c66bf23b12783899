import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { type Redis } from 'ioredis';

import { type Logger, silentLogger } from './logging';
import { openRedis, publicUrl } from './redis';
import { checkRedis } from './redis-check';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function startRedis(port: number): Promise<ChildProcess> {
  const server = spawn('redis-server', [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    '/tmp',
  ]);
  for await (const output of server.stdout) if (String(output).includes('Ready to accept')) break;
  server.stdout.resume();
  return server;
}

/** Unlike `once` it takes no notice of errors: an outage has many. */
function happened(redis: Redis, event: string): Promise<void> {
  return new Promise((resolve) => redis.once(event, () => resolve()));
}

async function stopRedis(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

describe('openRedis', () => {
  let port: number;
  let server: ChildProcess;
  let clients: Redis[] = [];
  const open = (role: 'command' | 'blocking' | 'queue', logger: Logger = silentLogger): Redis => {
    const redis = openRedis(`redis://127.0.0.1:${port}`, { role, logger });
    clients.push(redis);
    return redis;
  };

  beforeEach(async () => {
    port = await freePort();
    server = await startRedis(port);
  });
  afterEach(async () => {
    clients.forEach((client) => client.disconnect());
    clients = [];
    await stopRedis(server);
  });

  it('finds what is wrong with a real Redis', async () => {
    const redis = open('command');
    expect((await checkRedis(redis)).map(({ code }) => code)).toEqual(['redis-not-durable']);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect((await checkRedis(redis)).map(({ code }) => code)).toEqual(['redis-evicts', 'redis-not-durable']);
  });

  it('tells of an outage once, and of its end', async () => {
    const told: string[] = [];
    const note = (_fields: object, message: string): void => void told.push(message);
    const redis = open('command', { ...silentLogger, error: note, info: note });
    await redis.ping();
    await stopRedis(server);
    for (let attempt = 0; attempt < 3; attempt++) await happened(redis, 'reconnecting');
    server = await startRedis(port);
    await happened(redis, 'ready');
    expect(told).toEqual(['Redis is away; reconnecting until it is back', 'Redis is back']);
  });

  it('sends in one piece what is asked for in the same turn', async () => {
    const redis = open('command');
    const pieces = async (): Promise<number> =>
      Number(/total_reads_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
    const before = await pieces();
    await Promise.all(Array.from({ length: 50 }, (_, number) => redis.set(`k${number}`, number)));
    expect((await pieces()) - before).toBeLessThan(5);
    expect(await redis.get('k49')).toBe('49');
  });

  it('ends short commands during an outage, while commands of the queue survive it', async () => {
    const [command, queue] = [open('command'), open('queue')];
    await Promise.all([command.ping(), queue.ping()]);
    await stopRedis(server);
    const surviving = queue.set('a', '1');
    await expect(command.set('a', '0')).rejects.toThrow();
    server = await startRedis(port);
    await expect(surviving).resolves.toBe('OK');
  });
});

describe('publicUrl', () => {
  it('keeps user and password to itself', () => {
    expect(publicUrl('redis://user:hunter2@host:6379/1')).toBe('redis://host:6379/1');
    expect(publicUrl('hunter2')).toBe('an address that is not a URL');
  });
});

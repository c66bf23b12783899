import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { end, main, ScriptError, start } from './processes.mjs';
import { onPath } from './setup.mjs';

const START_LIMIT_MS = 60_000;
const RELEASE_LIMIT_MS = 10_000;

/**
 * Starts a redis-server on loopback that keeps every event: data in `directory`, on the given port or a free one. It ends with
 * `stop()`, or with this process, even when that is killed outright.
 */
export async function startPrivateRedis({ directory, port }) {
  if (onPath('redis-server') === null) {
    throw new ScriptError(
      'There is no redis-server on the PATH.',
      'Run npm run setup, or set SLOTFERRY_REDIS_URL.',
    );
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await untilReleased(directory);
  if (port !== undefined) await requireFreePort('127.0.0.1', port, 'Redis');
  const chosen = port ?? (await freePort());
  const { child, output } = launch(realpathSync(directory), chosen);
  await untilReady(child, chosen, output);
  return { url: `redis://127.0.0.1:${chosen}`, directory, port: chosen, child, stop: () => end(child) };
}

/** Throws when something else listens there. */
export async function requireFreePort(host, port, what) {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const why =
      error.code === 'EADDRINUSE' ? 'is in use by another process' : `cannot be used (${error.code})`;
    throw new ScriptError(
      `${what} cannot listen on ${host}:${port}: the port ${why}.`,
      'End that process (ss -ltnp shows it), or choose another port.',
    );
  }
  server.close();
  await once(server, 'close');
}

/** A port that nothing listens on in this moment. */
export async function freePort() {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    const server = createServer();
    const isFree = await once(server.listen(port, '127.0.0.1'), 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

function launch(directory, port) {
  const settings = {
    port,
    bind: '127.0.0.1',
    'protected-mode': 'yes',
    dir: directory,
    pidfile: join(directory, 'redis.pid'),
    daemonize: 'no',
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = start('redis-server', args, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    endsLast: true,
  });
  const output = [];
  const note = (chunk) => output.push(chunk.toString()) > 50 && output.shift();
  child.stdout?.on('data', note);
  child.stderr?.on('data', note);
  return { child, output };
}

/** A large append-only file takes its time to load. */
async function untilReady(child, port, output) {
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await answersPing(port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new ScriptError(
        `redis-server ended at once:\n${output.join('')}`,
        'Correct what it complains about.',
      );
    }
    if (Date.now() > deadline) {
      await end(child);
      throw new ScriptError(`redis-server was not ready within 60 s:\n${output.join('')}`, 'Start again.');
    }
    await sleep(20);
  }
}

async function answersPing(port) {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(1_000, () => socket.destroy());
  try {
    socket.write('PING\r\n');
    const [reply] = await once(socket, 'data');
    return reply.toString().startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Two servers would spoil each other's data. One of a script that was killed a moment ago is about to end. */
async function untilReleased(directory) {
  const deadline = Date.now() + RELEASE_LIMIT_MS;
  while (isServed(directory)) {
    if (Date.now() > deadline) {
      throw new ScriptError(
        `Another redis-server works in ${directory}.`,
        'End the Slotferry that started it, then start again.',
      );
    }
    await sleep(100);
  }
}

function isServed(directory) {
  const pidFile = join(directory, 'redis.pid');
  if (!existsSync(pidFile)) return false;
  try {
    return readlinkSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}/cwd`) === realpathSync(directory);
  } catch {
    return false;
  }
}

await main(import.meta.url, async ([directory = 'data/redis', port]) => {
  const redis = await startPrivateRedis({ directory, port: port === undefined ? undefined : Number(port) });
  console.log(redis.url);
  await once(redis.child, 'exit');
});

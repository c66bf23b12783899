import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private, durable redis-server of one test file. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** SIGKILL: what was acknowledged is on disk. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data; kills it first if it runs. */
  restart(): Promise<void>;
  /** Takes its processor away: connections stay open, nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const startLimitMs = 10_000;
const startAttempts = 5;

/** Starts a real redis-server on a free port of loopback, in a temporary directory, every write on disk before its answer. */
export async function startRedis(): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'slotferry-redis-'));
  const started = await launchSomewhere(dir);
  const [port] = started;
  let [, server] = started;
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    async restart() {
      await kill();
      server = await launch(port, dir);
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/**
 * A port of loopback that nobody listens on, below those that the system takes for outgoing connections: it would not be free any more
 * when a server that was killed comes back.
 */
export async function freePort(): Promise<number> {
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

/** Somebody else may take a port between the look at it and the start: then another one is tried. */
async function launchSomewhere(dir: string): Promise<[number, ChildProcess]> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return [port, await launch(port, dir)];
    } catch (error) {
      if (attempt === startAttempts || !String(error).includes('Address already in use')) throw error;
    }
  }
}

async function launch(port: number, dir: string): Promise<ChildProcess> {
  const server = spawn('redis-server', [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''],
    ...['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'],
  ]);
  // A test process that dies must not leave it behind.
  const end = (): void => void server.kill('SIGKILL');
  process.once('exit', end);
  server.once('exit', () => process.removeListener('exit', end));
  await readiness(server);
  return server;
}

function readiness(server: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      server.kill('SIGKILL');
      reject(new Error(`redis-server ${why}:\n${output}`));
    };
    const timer = setTimeout(() => fail('did not get ready'), startLimitMs);
    server.once('error', (error) => fail(error.message));
    const early = (): void => fail('ended');
    server.once('exit', early);
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes('Ready to accept connections')) return;
      clearTimeout(timer);
      server.removeListener('exit', early);
      server.stdout?.removeAllListeners('data').resume();
      resolve();
    });
  });
}

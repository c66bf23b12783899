import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/redis';

const main = join(__dirname, '../../../dist/apps/failover/main.js');
const startLimitMs = 60_000;
/** Linux counts processor time in hundredths of a second. */
const msPerTick = 10;
const pageBytes = 4_096;

/** A failover worker as its users run it, in a process of its own. */
export interface RunningWorker {
  /** Processor time so far, in milliseconds. */
  cpuMs(): number;
  residentBytes(): number;
  stop(): Promise<void>;
}

/** Resolves when it watches. */
export async function startWorker(redisUrl: string, name: string): Promise<RunningWorker> {
  const healthPort = await freePort();
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    env: {
      PATH: process.env.PATH,
      SLOTFERRY_REDIS_URL: redisUrl,
      SLOTFERRY_WORKER_NAME: name,
      SLOTFERRY_LOG_LEVEL: 'warn',
      SLOTFERRY_HEALTH_PORT: String(healthPort),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const ready = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${healthPort}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually('the failover worker', ready, startLimitMs);
  const statOf = (file: string): string[] => {
    // What follows the name of the program, which may hold blanks.
    const text = readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 1)
      .trim()
      .split(' ');
  };
  return {
    cpuMs() {
      const [user = 0, system = 0] = statOf('stat').slice(11, 13).map(Number);
      return (user + system) * msPerTick;
    },
    residentBytes: () => Number(statOf('statm')[1]) * pageBytes,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './redis';

const main = join(__dirname, '../../dist/apps/migrator/main.js');
const startLimitMs = 30_000;
const stopLimitMs = 15_000;

/** A real migrator in a process of its own. */
export class MigratorProcess {
  private output = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    const keep = (chunk: Buffer): void => void (this.output += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    // A test process that dies must not leave it behind.
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
  }

  /** Starts one with short leases, or the variables given; resolves when it takes work. */
  static async start(
    redisUrl: string,
    name: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<MigratorProcess> {
    if (!existsSync(main)) throw new Error(`${main} is not built: npx nest build migrator`);
    const healthPort = await freePort();
    const usual = {
      SLOTFERRY_REDIS_URL: redisUrl,
      SLOTFERRY_WORKER_NAME: name,
      SLOTFERRY_ATTEMPT_LEASE: '1s',
      SLOTFERRY_WATCHDOG_INTERVAL: '100ms',
      SLOTFERRY_RECONCILE_INTERVAL: '1s',
      // A worker that is killed between taking a job and taking its lease is found by this alone.
      SLOTFERRY_LOCK_DURATION: '5s',
      SLOTFERRY_LOG_LEVEL: 'warn',
      SLOTFERRY_HEALTH_PORT: String(healthPort),
    };
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      env: { PATH: process.env.PATH, ...usual, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const migrator = new MigratorProcess(name, child);
    await migrator.ready(`http://127.0.0.1:${healthPort}/ready`);
    return migrator;
  }

  /** What it wrote to its log so far. */
  get log(): string {
    return this.output;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** SIGKILL: from the moment this is called it sends nothing more. */
  async kill(): Promise<void> {
    if (!this.alive) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  /** SIGSTOP: connections stay open, nothing is sent or read. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** SIGTERM, as an operator stops it. Killed when it does not end. */
  async stop(): Promise<void> {
    if (!this.alive) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(killer);
  }

  private async ready(url: string): Promise<void> {
    const answers = (): Promise<boolean> =>
      fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
        ({ ok }) => ok,
        () => false,
      );
    try {
      await eventually(
        `${this.name} taking work`,
        () => (this.alive ? answers() : Promise.resolve(false)),
        startLimitMs,
      );
    } catch (error) {
      await this.kill();
      throw new Error(`${String(error)}\n${this.output}`, { cause: error });
    }
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './redis';

const main = join(__dirname, '../../dist/apps/failover/main.js');
const startLimitMs = 30_000;

/** Who and where a failover worker is. */
export interface Post {
  readonly name: string;
  readonly redisUrl: string;
  /** Address of loopback from which it looks at nodes. */
  readonly sourceAddress: string;
  readonly dataDir: string;
}

/** A real failover worker in a process of its own. */
export class FailoverProcess {
  private output = '';

  private constructor(
    readonly post: Post,
    private readonly child: ChildProcess,
  ) {
    const keep = (chunk: Buffer): void =>
      void (this.output = (this.output + chunk.toString()).slice(-20_000));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    // A test process that dies must not leave it behind.
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
  }

  /** Starts one with short leases, or the variables given; resolves when it watches. */
  static async start(post: Post, settings: Readonly<Record<string, string>> = {}): Promise<FailoverProcess> {
    if (!existsSync(main)) throw new Error(`${main} is not built: node scripts/build.mjs failover`);
    const healthPort = await freePort();
    const usual = {
      SLOTFERRY_REDIS_URL: post.redisUrl,
      SLOTFERRY_WORKER_NAME: post.name,
      SLOTFERRY_SOURCE_ADDRESS: post.sourceAddress,
      SLOTFERRY_DATA_DIR: post.dataDir,
      SLOTFERRY_ATTEMPT_LEASE: '1s',
      SLOTFERRY_WATCHDOG_INTERVAL: '100ms',
      SLOTFERRY_RECONCILE_INTERVAL: '1s',
      SLOTFERRY_LOCK_DURATION: '5s',
      SLOTFERRY_LOG_LEVEL: 'warn',
      SLOTFERRY_HEALTH_PORT: String(healthPort),
    };
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      env: { PATH: process.env.PATH, ...usual, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const worker = new FailoverProcess(post, child);
    await worker.ready(`http://127.0.0.1:${healthPort}/ready`);
    return worker;
  }

  /** What it wrote to its log lately. */
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

  private async ready(url: string): Promise<void> {
    const answers = (): Promise<boolean> =>
      fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
        ({ ok }) => ok,
        () => false,
      );
    try {
      await eventually(
        `${this.post.name} watching`,
        () => (this.alive ? answers() : Promise.resolve(false)),
        startLimitMs,
      );
    } catch (error) {
      await this.kill();
      throw new Error(`${String(error)}\n${this.output}`, { cause: error });
    }
  }
}

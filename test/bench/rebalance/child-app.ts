import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const stopLimitMs = 15_000;

/** A built app in a process of its own, with nothing of this environment but the path. */
export class ChildApp {
  private said = '';

  private constructor(
    readonly app: string,
    private readonly child: ChildProcess,
  ) {
    const keep = (chunk: Buffer): void => void (this.said = (this.said + chunk.toString()).slice(-20_000));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    // A benchmark that dies must not leave it behind.
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
  }

  static start(app: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildApp {
    const main = join(ROOT, `dist/apps/${app}/main.js`);
    if (!existsSync(main)) throw new Error(`${main} is not built: node scripts/build.mjs ${app}`);
    const child = spawn(process.execPath, ['--enable-source-maps', main, ...args], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ChildApp(app, child);
  }

  /** The last of what it wrote. */
  get output(): string {
    return this.said;
  }

  /** Throws when it has ended, which it should not. */
  requireAlive(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) return;
    throw new Error(`the ${this.app} ended:\n${this.said}`);
  }

  /** SIGTERM, as an operator stops it. Killed when it does not end. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(killer);
  }
}

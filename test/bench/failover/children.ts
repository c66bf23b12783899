import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const alive = new Set<ChildProcess>();
process.once('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

/** A process of a benchmark: it does not outlive it, and what it says is kept for the day it fails. */
export class Child {
  output = '';

  constructor(
    readonly name: string,
    private readonly process: ChildProcess,
  ) {
    const keep = (chunk: Buffer): void =>
      void (this.output = (this.output + chunk.toString()).slice(-20_000));
    process.stdout?.on('data', keep);
    process.stderr?.on('data', keep);
    alive.add(process);
    process.once('exit', () => alive.delete(process));
  }

  static start(name: string, file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
    const { PATH } = process.env;
    return new Child(name, spawn(file, args, { env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  get alive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    if (!this.alive) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }
}

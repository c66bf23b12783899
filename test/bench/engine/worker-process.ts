import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Usage } from './process-usage';

const answerLimitMs = 60_000;

/** A worker in a process of its own. */
export class WorkerProcess {
  private constructor(private readonly child: ChildProcess) {
    // A benchmark that dies must not leave it behind.
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
  }

  /** Starts the given file of this folder; it does nothing before `begin`. */
  static async start(file: string, args: readonly string[]): Promise<WorkerProcess> {
    // With the options of this process, so that a profile of the benchmark (--cpu-prof) covers its workers.
    const child = fork(join(__dirname, file), args);
    const worker = new WorkerProcess(child);
    await worker.answer();
    return worker;
  }

  begin(): void {
    this.child.send('begin');
  }

  async usage(): Promise<Usage> {
    this.child.send('usage');
    return (await this.answer()) as Usage;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.disconnect();
    await gone;
  }

  private async answer(): Promise<unknown> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new Error('a worker does not answer')), answerLimitMs);
    const ended = once(this.child, 'exit', { signal: limit.signal }).then(() => {
      throw new Error('a worker ended');
    });
    ended.catch(() => undefined);
    try {
      const [message] = (await Promise.race([
        once(this.child, 'message', { signal: limit.signal }),
        ended,
      ])) as [unknown];
      return message;
    } finally {
      clearTimeout(timer);
      limit.abort();
    }
  }
}

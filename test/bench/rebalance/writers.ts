import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the clients are to do. */
export interface WriterOrder {
  /** Client addresses of the proxies; clients spread evenly over them. */
  readonly proxies: readonly string[];
  /** Each client writes to keys of these in turn, every write to a key of its own. */
  readonly slots: readonly number[];
  readonly clients: number;
}

/** A write that took a while. Wall clock milliseconds, from sending it to its answer. */
export interface Wait {
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** What the clients went through. */
export interface WriterReport {
  readonly acknowledged: number;
  readonly errors: readonly string[];
  /** Acknowledged writes that are not there. */
  readonly lost: readonly string[];
  readonly waits: readonly Wait[];
}

const startLimitMs = 30_000;
const reportLimitMs = 120_000;

/** Clients that write the next time 2 ms after their last answer, in a process of their own. */
export class Writers {
  private constructor(private readonly child: ChildProcess) {
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
  }

  /** Resolves when every client has had an answer. */
  static async start(order: WriterOrder): Promise<Writers> {
    const child = fork(join(__dirname, 'writers-process.ts'));
    const writers = new Writers(child);
    child.send(order);
    await writers.hear(startLimitMs);
    return writers;
  }

  /** Ends the writing and has everything read back. */
  async stop(): Promise<WriterReport> {
    this.child.send('stop');
    const report = (await this.hear(reportLimitMs)) as WriterReport;
    const gone = once(this.child, 'exit');
    this.child.disconnect();
    await gone;
    return report;
  }

  private async hear(limitMs: number): Promise<unknown> {
    const [message] = (await once(this.child, 'message', { signal: AbortSignal.timeout(limitMs) })) as [
      unknown,
    ];
    return message;
  }
}

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { childEnvironment } from '@slotferry/platform';
import type { Hook, HookAnswer } from './hook';
import type { Message } from './message';
import { oneLine } from './veto';

export interface CommandOptions {
  readonly name: string;
  readonly run: readonly [string, ...string[]];
  readonly when: 'before' | 'after';
  readonly timeoutMs: number;
  /** Our own environment, when it is not that of the process. */
  readonly env: NodeJS.ProcessEnv | undefined;
}

const VETO_EXIT_CODE = 10;
const MAX_OUTPUT_BYTES = 4_096;
/** How long output may come after the end of the process, in milliseconds. */
const LAST_OUTPUT_MS = 100;

/** Runs a program, without a shell, with the news on its standard input. Exit code 10 refuses; its first line of output says why. */
export class Command implements Hook {
  readonly name: string;
  readonly when: 'before' | 'after';

  constructor(private readonly options: CommandOptions) {
    this.name = options.name;
    this.when = options.when;
  }

  async call(message: Message): Promise<HookAnswer> {
    try {
      return await this.end(message, this.start(message));
    } catch (error) {
      return failed(`not started: ${(error as NodeJS.ErrnoException).code ?? 'the system refused'}`);
    }
  }

  private start(message: Message): Child {
    const [program, ...args] = this.options.run;
    return spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...childEnvironment(this.options.env), ...environmentFor(message) },
      detached: true,
    });
  }

  private end(message: Message, child: Child): Promise<HookAnswer> {
    const { timeoutMs } = this.options;
    return new Promise((resolve, reject) => {
      let output = '';
      let last: NodeJS.Timeout | undefined;
      const limit = setTimeout(() => {
        end(failed(`${killGroup(child) ? 'killed' : 'given up'} after ${timeoutMs} ms`));
      }, timeoutMs);
      const end = (answer: HookAnswer): void => {
        clearTimeout(limit);
        clearTimeout(last);
        child.stdout.destroy();
        resolve(answer);
      };
      child.stdout.on('data', (chunk: Buffer) => {
        if (output.length < MAX_OUTPUT_BYTES) output += chunk.toString('utf8');
      });
      child.once('error', (error) => {
        clearTimeout(limit);
        reject(error);
      });
      child.once('exit', (code, signal) => {
        const ended = (): void => end(judge(code, signal, output));
        last = setTimeout(ended, LAST_OUTPUT_MS);
        child.once('close', ended);
      });
      tell(child, message.body);
    });
  }
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

function environmentFor({ news, delivery }: Message): NodeJS.ProcessEnv {
  return {
    SLOTFERRY_EVENT: news.event,
    SLOTFERRY_DELIVERY: delivery,
    SLOTFERRY_CLUSTER: news.cluster,
    SLOTFERRY_GROUP: String(news.group),
    SLOTFERRY_WORKFLOW: news.workflow ?? '',
    SLOTFERRY_CODE: news.code ?? '',
  };
}

/** A program need not read what it is told. */
function tell({ stdin }: Child, text: string): void {
  stdin.on('error', () => stdin.destroy());
  stdin.end(text);
}

/** With all that it started. False when the system does not allow it, as with a program that runs as somebody else. */
function killGroup({ pid }: Child): boolean {
  if (pid === undefined) return true;
  try {
    return process.kill(-pid, 'SIGKILL');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function judge(code: number | null, signal: NodeJS.Signals | null, output: string): HookAnswer {
  if (code === 0) return { ok: true, veto: null, answer: 'exit code 0', worthAnotherTry: false };
  if (code !== VETO_EXIT_CODE) return failed(code === null ? `ended by ${signal}` : `exit code ${code}`);
  const veto = oneLine(output.split('\n')[0] ?? '') || `no reason given (exit code ${VETO_EXIT_CODE})`;
  return { ok: true, veto, answer: `refused: ${veto}`, worthAnotherTry: false };
}

/** Not tried again: what a program did before it failed is not known. */
function failed(answer: string): HookAnswer {
  return { ok: false, veto: null, answer, worthAnotherTry: false };
}

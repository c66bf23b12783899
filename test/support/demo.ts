import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '../..');
const END_LIMIT_MS = 15_000;

/** Runs of the demo whose temporary files are all in one directory, which tells whose processes are whose. */
export class Demos {
  private readonly directory = mkdtempSync(join(tmpdir(), 'demo-spec-'));

  start(...args: string[]): Demo {
    const child = spawn(process.execPath, ['scripts/demo.mjs', ...args], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: this.directory },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Demo(child);
  }

  async expectNothingLeft(): Promise<void> {
    const deadline = Date.now() + END_LIMIT_MS;
    while (processesOf(this.directory).length > 0 && Date.now() < deadline) await sleep(20);
    expect(processesOf(this.directory)).toEqual([]);
    expect(readdirSync(this.directory)).toEqual([]);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export class Demo {
  /** All it has said so far. */
  said = '';

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
  }

  async end(): Promise<{ code: number | null; said: string }> {
    const [code] = (await once(this.child, 'close')) as [number | null];
    return { code, said: this.said };
  }

  async untilSaid(text: string): Promise<void> {
    while (!this.said.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`the demo ended before "${text}":\n${this.said}`);
      await sleep(5);
    }
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }
}

/** Processes that use the directory. Redis writes over its environment, but works in it. */
function processesOf(directory: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
      return environment.includes(directory) || readlinkSync(`/proc/${pid}/cwd`).startsWith(directory);
    } catch {
      return false;
    }
  });
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const BUILT = join(ROOT, 'dist/apps/cli/main.js');
const SOURCES = join(ROOT, 'apps/cli/src');

/** How a run of `slotferry` ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of `slotferry` under way. */
export interface Running {
  readonly process: ChildProcess;
  /** What came on stdout so far. */
  stdout(): string;
  readonly ended: Promise<Ended>;
}

/** Builds the command line tool unless what is built is newer than its sources. */
export function buildCli(): void {
  const changed = Math.max(
    ...readdirSync(SOURCES, { recursive: true }).map((name) => statSync(join(SOURCES, String(name))).mtimeMs),
  );
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs > changed) return;
  execFileSync('npx', ['nest', 'build', 'cli'], { cwd: ROOT, stdio: 'pipe' });
}

/** Runs the built tool as an operator would. `env` is all of its environment beside PATH. */
export function startCli(args: readonly string[], env: Record<string, string>, cwd: string): Running {
  const child = spawn(process.execPath, [BUILT, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, stdout: () => stdout, ended };
}

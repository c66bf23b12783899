import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository; every script works there, wherever it is called from. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Together below the 10 s that an operator is promised. */
const GRACE_MS = 7_000;
const LAST_GRACE_MS = 2_500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** An error that is meant for whoever runs the script: printed without a stack. */
export class ScriptError extends Error {
  constructor(message, remedy) {
    super(`${message}\n  ${remedy}`);
  }
}

/** What is running: a process, what to signal to reach it and all it has started, and whether others need it to end well. */
const running = new Map();
let lifeline = null;
let stopping = false;

/**
 * Starts a process in a group of its own. The whole group ends with this script, however the script ends: by `endAll`, or,
 * when it is killed outright, by the lifeline. With `endsLast` it is ended after everything that may need it.
 */
export function start(command, args, { endsLast = false, ...options } = {}) {
  const child = launch(command, args, { ...options, detached: true });
  if (child.pid === undefined) return child;
  running.set(child, { target: -child.pid, endsLast });
  tellLifeline(`+${child.pid}\n`);
  child.once('exit', () => {
    signal(-child.pid, 'SIGKILL');
    running.delete(child);
    tellLifeline(`-${child.pid}\n`);
  });
  return child;
}

/** Starts a process that may ask something at the terminal, such as a password. */
export function startInForeground(command, args) {
  const child = launch(command, args, { stdio: 'inherit' });
  if (child.pid === undefined) return child;
  running.set(child, { target: child.pid, endsLast: false });
  child.once('exit', () => running.delete(child));
  return child;
}

function launch(command, args, options) {
  if (stopping) throw new ScriptError(`${command} is not started any more.`, 'The script is about to end.');
  return spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], ...options });
}

/** Runs a process to its end and gives its exit code. */
export async function run(command, args, options = {}) {
  return exitCodeOf(start(command, args, options));
}

/** The same with its output as text, standard error included. */
export async function runQuietly(command, args, options = {}) {
  const child = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stderr?.on('data', (chunk) => output.push(chunk));
  const code = await exitCodeOf(child);
  return { code, output: Buffer.concat(output).toString() };
}

/** Exit code as a shell would give it. Throws when the program cannot be started. */
export async function exitCodeOf(child) {
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  const [code, name] = hasEnded ? [child.exitCode, child.signalCode] : await once(child, 'close');
  return code ?? 128 + (constants.signals[name] ?? 0);
}

/** Ends a process and its group: politely first, by force when it takes too long. */
export async function end(child, name = 'SIGTERM', graceMs = GRACE_MS) {
  if (!running.has(child)) return;
  const { target } = running.get(child);
  const gone = once(child, 'exit');
  signal(target, name);
  const force = setTimeout(() => signal(target, 'SIGKILL'), graceMs);
  await gone;
  clearTimeout(force);
}

/** Ends everything this script has started. */
export async function endAll(name = 'SIGTERM') {
  for (const last of [false, true]) {
    const children = [...running].filter(([, { endsLast }]) => endsLast === last).map(([child]) => child);
    await Promise.all(children.map((child) => end(child, name, last ? LAST_GRACE_MS : GRACE_MS)));
  }
}

/** True once the script has been told to end. */
export function isStopping() {
  return stopping;
}

/**
 * Runs the main function of a script when `url` is the file Node was called with. Its result is the exit code. A signal ends what
 * the script started, then the script; a second one does so by force.
 */
export async function main(url, body) {
  if (process.argv[1] === undefined || fileURLToPath(url) !== realpathSync(process.argv[1])) return;
  for (const name of SIGNALS) process.on(name, () => void endBySignal(name));
  const code = await codeOf(body(process.argv.slice(2)));
  // While a signal is being handled, its handler ends the script.
  if (stopping) return;
  await endAll();
  process.exit(code);
}

async function codeOf(result) {
  try {
    return (await result) ?? 0;
  } catch (error) {
    if (!stopping) console.error(error instanceof ScriptError ? `\n${error.message}` : error);
    return 1;
  }
}

async function endBySignal(name) {
  if (stopping) return running.forEach(({ target }) => signal(target, 'SIGKILL'));
  stopping = true;
  await endAll(name === 'SIGHUP' ? 'SIGTERM' : name);
  process.exit(128 + constants.signals[name]);
}

function signal(target, name) {
  try {
    process.kill(target, name);
  } catch (error) {
    // It is gone already, or it is root's and hears of Ctrl-C from the terminal.
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}

function tellLifeline(line) {
  lifeline ??= startLifeline();
  lifeline.stdin.write(line);
}

function startLifeline() {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/lifeline.mjs')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  child.unref();
  child.stdin.unref();
  return child;
}

import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isStopping, start } from './processes.mjs';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const STABLE_MS = 30_000;
const SHOWN_LINES = 10;

/** Starts an app; what it says goes to a file of its own in `logs`, called after the service where an app runs more than once. */
export function startService(app, logs, env, name = app) {
  const file = join(logs, `${name}.log`);
  const log = openSync(file, 'a');
  const { size } = fstatSync(log);
  const child = start(process.execPath, ['--enable-source-maps', `dist/apps/${app}/main.js`], {
    env,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.once('exit', () => !isStopping() && showEnd(file, size));
  return child;
}

/**
 * Starts a service again whenever it ends, after a pause that grows while it does not last. Returns when the script is told to end.
 * `child` is the service as it runs now.
 */
export async function keepRunning(name, child, startAgain) {
  let pause = FIRST_PAUSE_MS;
  let current = child;
  for (;;) {
    const started = Date.now();
    const [code, signal] = await ended(current);
    if (isStopping()) return;
    if (Date.now() - started > STABLE_MS) pause = FIRST_PAUSE_MS;
    console.error(
      `${name} ended (${signal ?? `exit code ${code}`}); it is started again in ${pause / 1000} s`,
    );
    await sleep(pause);
    if (isStopping()) return;
    current = await startAgain();
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

/** Exit code and signal of a process that has ended or will end. */
async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
  return once(child, 'exit');
}

/** The last words of a service, as far as they are of this start. */
function showEnd(file, from) {
  const said = readFileSync(file).subarray(from).toString().trimEnd();
  const lines = said.split('\n').slice(-SHOWN_LINES);
  console.error(`${lines.join('\n')}\n(more in ${file})`);
}

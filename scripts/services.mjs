import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isStopping, start } from './processes.mjs';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const STABLE_MS = 30_000;
const SHOWN_LINES = 10;

/** Starts an app; what it says goes to a file of its own in `logs`. */
export function startService(app, logs, env) {
  const file = join(logs, `${app}.log`);
  const log = openSync(file, 'a');
  const child = start(process.execPath, ['--enable-source-maps', `dist/apps/${app}/main.js`], {
    env,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.once('exit', () => !isStopping() && showEnd(file));
  return child;
}

/** Starts a service again whenever it ends, after a pause that grows while it does not last. Returns when the script ends. */
export async function superviseService(name, startOnce) {
  let pause = FIRST_PAUSE_MS;
  while (!isStopping()) {
    const started = Date.now();
    const child = await startOnce();
    const [code, signal] = await ended(child);
    if (isStopping()) return;
    if (Date.now() - started > STABLE_MS) pause = FIRST_PAUSE_MS;
    console.error(
      `${name} ended (${signal ?? `exit code ${code}`}); it is started again in ${pause / 1000} s`,
    );
    await sleep(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
  return once(child, 'exit');
}

function showEnd(file) {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES);
  console.error(`${lines.join('\n')}\n(more in ${file})`);
}

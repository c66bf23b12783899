import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort, startPrivateRedis } from '../private-redis.mjs';
import { isStopping, ScriptError, start } from '../processes.mjs';
import { Api } from './api.mjs';
import { Control } from './control.mjs';

const READY_LIMIT_MS = 30_000;
const POLL_MS = 50;
const NODES = 6;
const SHOWN_LINES = 10;

/**
 * Starts a private Redis, a whole cluster of empty nodes, the API and a worker, all on free ports of loopback and with their data in
 * one temporary directory. That directory goes when this process does. With so many failover workers beside them as asked for.
 */
export async function startLab({ failoverWorkers = 0 } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'slotferry-demo-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
  const logs = join(directory, 'logs');
  mkdirSync(logs);
  const [redis, sandbox] = await Promise.all([
    startPrivateRedis({ directory: join(directory, 'redis') }),
    startSandbox(logs),
  ]);
  const port = await freePort();
  const dataDir = join(directory, 'data');
  const env = environment({
    SLOTFERRY_REDIS_URL: redis.url,
    SLOTFERRY_DATA_DIR: dataDir,
    SLOTFERRY_API_PORT: String(port),
  });
  const services = { redis: redis.child, sandbox: sandbox.child };
  for (const app of ['api', 'migrator']) services[app] = startApp(app, logs, env);
  for (let number = 1; number <= failoverWorkers; number += 1) {
    const name = `failover-${number}`;
    const own = { SLOTFERRY_WORKER_NAME: name, SLOTFERRY_HEALTH_PORT: '0' };
    services[name] = startApp('failover', logs, { ...env, ...own }, { name });
  }
  const ended = anyEnd(services, logs);
  const url = `http://127.0.0.1:${port}`;
  const keyFile = join(dataDir, 'admin.key');
  await Promise.race([untilReady(url, keyFile), ended]);
  return {
    api: new Api(url, keyFile),
    cluster: sandbox.cluster,
    control: new Control(sandbox.cluster),
    redisUrl: redis.url,
    keyFile,
    dataDir,
    logs,
    ended,
  };
}

/** Empty nodes and a dashboard that knows its proxies and nothing else; setting up costs no time. */
async function startSandbox(logs) {
  const args = ['--nodes', String(NODES), '--groups', '0', '--speed', 'zero', '--json'];
  const child = startApp('sandbox', logs, environment({}), { args });
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, 'line', { signal: AbortSignal.timeout(READY_LIMIT_MS) }).then(([text]) => text),
    once(child, 'exit').then(() => null),
  ]);
  if (line === null)
    throw new ScriptError(`The sandbox ended at once.\n${endOf('sandbox', logs)}`, 'Run the demo again.');
  return { child, cluster: JSON.parse(line) };
}

/** Starts an app; what it says goes to a file of its own. What the sandbox says first is read here. */
function startApp(app, logs, env, { args = [], name = app } = {}) {
  const log = openSync(logOf(name, logs), 'a');
  const child = start(process.execPath, ['--enable-source-maps', `dist/apps/${app}/main.js`, ...args], {
    env,
    stdio: ['ignore', app === 'sandbox' ? 'pipe' : log, log],
  });
  closeSync(log);
  return child;
}

/** What is set for another installation must not reach this one. */
function environment(own) {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('SLOTFERRY_'));
  return { ...Object.fromEntries(others), ...own };
}

/** Rejects when one of them ends, which none should. */
function anyEnd(services, logs) {
  const ends = Object.entries(services).map(async ([name, child]) => {
    const [code, signal] = await once(child, 'exit');
    const how = signal ?? `exit code ${code}`;
    throw new ScriptError(`${name} ended (${how}).\n${endOf(name, logs)}`, 'Run the demo again.');
  });
  const ended = Promise.race(ends);
  // Heard by whoever waits for it; while this script ends, by nobody.
  ended.catch(() => undefined);
  return ended;
}

async function untilReady(url, keyFile) {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!isStopping()) {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (response?.ok && existsSync(keyFile)) return;
    if (Date.now() > deadline) {
      const said = response ? await response.text() : 'no answer';
      throw new ScriptError(
        `The API was not ready within ${READY_LIMIT_MS / 1000} s: ${said}`,
        'Run the demo again.',
      );
    }
    await sleep(POLL_MS);
  }
}

/** The last words of a service. */
function endOf(name, logs) {
  const file = logOf(name, logs);
  return existsSync(file)
    ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n')
    : '';
}

function logOf(name, logs) {
  return join(logs, `${name}.log`);
}

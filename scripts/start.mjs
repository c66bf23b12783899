import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { build } from './build.mjs';
import { main, ROOT, ScriptError } from './processes.mjs';
import { requireFreePort, startPrivateRedis } from './private-redis.mjs';
import { setup } from './setup.mjs';
import { keepRunning, startService } from './services.mjs';

const READY_LIMIT_MS = 60_000;
const FAILOVER_WORKERS = ['failover-1', 'failover-2', 'failover-3'];
const WITHOUT_BRACKETS = /^\[(.*)\]$/;

/** Starts the control plane alone: Redis unless one is given, the API, one migrator and three failover workers. It runs until it is told to end. */
await main(import.meta.url, async () => {
  await setup();
  const { missing } = await build(['api', 'migrator', 'failover', 'cli']);
  const required = missing.filter((app) => app !== 'cli');
  if (required.length > 0)
    throw new ScriptError(`There is no source of ${required.join(', ')}.`, 'Check out the whole repository.');

  const host = process.env.SLOTFERRY_API_HOST || '127.0.0.1';
  const port = Number(process.env.SLOTFERRY_API_PORT || 7800);
  await requireFreePort(host.replace(WITHOUT_BRACKETS, '$1'), port, 'The API');
  const dataDir = resolve(ROOT, process.env.SLOTFERRY_DATA_DIR || 'data');
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true });

  const redisUrl = process.env.SLOTFERRY_REDIS_URL;
  const redis = redisUrl ? null : await startPrivateRedis({ directory: join(dataDir, 'redis') });
  const env = { ...process.env, SLOTFERRY_REDIS_URL: redisUrl || redis.url, SLOTFERRY_DATA_DIR: dataDir };
  const startApp = (app) => startService(app, logs, env);
  const api = startApp('api');
  await untilAnswering(host, port, api);
  const migrator = startApp('migrator');
  const startFailover = (name) => startService('failover', logs, failoverEnv(env, name), name);
  const failoverWorkers = FAILOVER_WORKERS.map((name) => [name, startFailover(name)]);
  tell({ host, port, redis, dataDir, logs });
  await Promise.all([
    redis && keepRunning('redis', redis.child, async () => (await startPrivateRedis(redis)).child),
    keepRunning('api', api, () => startApp('api')),
    keepRunning('migrator', migrator, () => startApp('migrator')),
    ...failoverWorkers.map(([name, worker]) => keepRunning(name, worker, () => startFailover(name))),
  ]);
});

/** A name of its own for each, and no health page: the port that may be configured is the migrator's. */
function failoverEnv(env, name) {
  return { ...env, SLOTFERRY_WORKER_NAME: name, SLOTFERRY_HEALTH_PORT: '0' };
}

async function untilAnswering(host, port, api) {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await accepts(host, port))) {
    if (api.exitCode !== null || api.signalCode !== null) {
      throw new ScriptError('The API ended at once.', 'Correct what it says above.');
    }
    if (Date.now() > deadline)
      throw new ScriptError('The API did not answer within 60 s.', 'Read its log, named above.');
    await sleep(100);
  }
}

function accepts(host, port) {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.replace(WITHOUT_BRACKETS, '$1');
  return new Promise((answer) => {
    const socket = connect({ port, host: reachable, timeout: 1_000 });
    const end = (open) => {
      socket.destroy();
      answer(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

function tell({ host, port, redis, dataDir, logs }) {
  console.log(`
Slotferry runs.

  API    http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}
  Redis  ${redis?.url ?? 'the one in SLOTFERRY_REDIS_URL'}
  Data   ${dataDir}
  Logs   ${logs}

Next: node dist/apps/cli/main.js --help, or docs/guide. Ctrl-C ends it.`);
}

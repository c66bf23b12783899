import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { build } from './build.mjs';
import { isStopping, main, ROOT, ScriptError } from './processes.mjs';
import { freePort, requireFreePort, startPrivateRedis } from './private-redis.mjs';
import { setup } from './setup.mjs';
import { startService, superviseService } from './services.mjs';

const READY_LIMIT_MS = 60_000;
const WITHOUT_BRACKETS = /^\[(.*)\]$/;

/** Starts the control plane alone: Redis unless one is given, the API and one worker. It runs until it is told to end. */
await main(import.meta.url, async () => {
  await setup();
  const { missing } = await build(['api', 'migrator', 'cli']);
  const required = missing.filter((app) => app !== 'cli');
  if (required.length > 0)
    throw new ScriptError(`There is no source of ${required.join(', ')}.`, 'Check out the whole repository.');

  const host = process.env.SLOTFERRY_API_HOST || '127.0.0.1';
  const port = Number(process.env.SLOTFERRY_API_PORT || 7800);
  await requireFreePort(host.replace(WITHOUT_BRACKETS, '$1'), port, 'The API');
  const dataDir = resolve(ROOT, process.env.SLOTFERRY_DATA_DIR || 'data');
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true });

  const redisUrl = process.env.SLOTFERRY_REDIS_URL || (await keepRedis(join(dataDir, 'redis')));
  const env = { ...process.env, SLOTFERRY_REDIS_URL: redisUrl, SLOTFERRY_DATA_DIR: dataDir };
  const api = superviseService('api', () => startService('api', logs, env));
  await Promise.race([untilAnswering(host, port), api]);
  const migrator = superviseService('migrator', () => startService('migrator', logs, env));
  if (!isStopping()) tell({ host, port, redisUrl, dataDir, logs });
  await Promise.all([api, migrator]);
});

/** A private Redis that is started again on the same port when it ends. */
async function keepRedis(directory) {
  const port = await freePort();
  const { child, url } = await startPrivateRedis({ directory, port });
  let first = child;
  const next = async () => {
    const current = first ?? (await startPrivateRedis({ directory, port })).child;
    first = null;
    return current;
  };
  superviseService('redis', next).catch((error) => console.error(error));
  return url;
}

async function untilAnswering(host, port) {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await accepts(host, port))) {
    if (isStopping()) return;
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

function tell({ host, port, redisUrl, dataDir, logs }) {
  const given = process.env.SLOTFERRY_REDIS_URL ? 'the one in SLOTFERRY_REDIS_URL' : redisUrl;
  console.log(`
Slotferry runs.

  API    http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}
  Redis  ${given}
  Data   ${dataDir}
  Logs   ${logs}

Next: node dist/apps/cli/main.js --help, or docs/guide. Ctrl-C ends it.`);
}

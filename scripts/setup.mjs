import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { exitCodeOf, main, ROOT, run, runQuietly, ScriptError, startInForeground } from './processes.mjs';

const OLDEST_NODE = [20, 19];
const OLDEST_REDIS = [6, 2];
const LOCK_FILE = join(ROOT, 'package-lock.json');
const STAMP = join(ROOT, 'node_modules/.slotferry-lock');

/** Everything the other scripts need; says nothing when it is all there. */
export async function setup() {
  await setupModules();
  await setupRedis();
}

/** A Node that is new enough, and the packages of the lock file. */
export async function setupModules() {
  checkNode();
  const wanted = createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex');
  if (modulesAre(wanted)) return;
  console.log('Installing the packages of package-lock.json (npm ci) ...');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) {
    throw new ScriptError(
      `npm ci failed with exit code ${code}.`,
      'Read its message above; it needs the npm registry.',
    );
  }
  writeFileSync(STAMP, wanted);
}

/** A redis-server to start, or a Redis that is given. */
export async function setupRedis() {
  if (process.env.SLOTFERRY_REDIS_URL) return;
  if (onPath('redis-server') === null) await installRedis();
  const { output } = await runQuietly('redis-server', ['--version']);
  const version = /v=(\d+)\.(\d+)/.exec(output)?.slice(1).map(Number) ?? [0, 0];
  if (isOlder(version, OLDEST_REDIS)) {
    throw new ScriptError(
      `redis-server is version ${version.join('.')}; Slotferry needs ${OLDEST_REDIS.join('.')} or later.`,
      'Install a newer one, or set SLOTFERRY_REDIS_URL to one that runs elsewhere.',
    );
  }
}

/** Where a program is, or null. */
export function onPath(program) {
  const places = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, program));
  return places.find(isExecutable) ?? null;
}

function checkNode() {
  const version = process.versions.node.split('.').map(Number);
  if (!isOlder(version, OLDEST_NODE)) return;
  throw new ScriptError(
    `This is Node ${process.versions.node}; Slotferry needs ${OLDEST_NODE.join('.')} or later.`,
    'Install Node 20 LTS, for example from https://nodejs.org or with nvm install 20.',
  );
}

function modulesAre(wanted) {
  if (existsSync(STAMP)) return readFileSync(STAMP, 'utf8') === wanted;
  // Installed by npm itself: its own record of what it installed must be younger than the lock file.
  const record = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(record) || statSync(record).mtimeMs < statSync(LOCK_FILE).mtimeMs - 1_000) return false;
  writeFileSync(STAMP, wanted);
  return true;
}

/** The packaged service must neither start nor stay: Slotferry starts a Redis of its own, on a port of its own. */
const INSTALL_REDIS = `
  set -e
  export DEBIAN_FRONTEND=noninteractive
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' INT TERM HUP
    printf '#!/bin/sh\\nexit 101\\n' > "$policy"
    chmod 755 "$policy"
  fi
  apt-get -qq update
  apt-get -qq install -y --no-install-recommends redis-server
  if command -v systemctl > /dev/null; then systemctl disable redis-server > /dev/null 2>&1 || true; fi
`;

async function installRedis() {
  const remedy =
    'Install Redis 6.2 or later so that redis-server is on the PATH, or set SLOTFERRY_REDIS_URL to one that runs.';
  if (onPath('apt-get') === null)
    throw new ScriptError('There is no redis-server, and no apt-get to install it with.', remedy);
  const isRoot = process.getuid() === 0;
  if (!isRoot && onPath('sudo') === null) {
    throw new ScriptError('There is no redis-server; installing it needs root or sudo.', remedy);
  }
  console.log('Installing redis-server with apt-get ...');
  // sudo asks for a password at the terminal, which only a process in the foreground can do.
  const code = isRoot
    ? await run('sh', ['-c', INSTALL_REDIS])
    : await exitCodeOf(startInForeground('sudo', ['sh', '-c', INSTALL_REDIS]));
  if (code !== 0 || onPath('redis-server') === null) {
    throw new ScriptError(`apt-get did not install redis-server (exit code ${code}).`, remedy);
  }
}

function isOlder([major, minor], [oldestMajor, oldestMinor]) {
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

await main(import.meta.url, setup);

import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { main, ROOT, runQuietly, ScriptError } from './processes.mjs';
import { setupModules } from './setup.mjs';
import { inTwos } from './in-twos.mjs';

const APPS = ['api', 'migrator', 'failover', 'cli', 'sandbox'];
const SETTINGS = ['package-lock.json', 'tsconfig.json', 'nest-cli.json', 'webpack.config.js'];
const STAMPS = join(ROOT, 'dist/.built');

/** Builds the apps whose sources have changed since their last build. */
export async function build(apps = APPS) {
  const present = apps.filter((app) => existsSync(join(ROOT, `apps/${app}/src/main.ts`)));
  const shared = hashOf(SETTINGS, filesUnder('libs'));
  const jobs = present
    .map((app) => ({ app, hash: hashOf([], filesUnder(`apps/${app}`), shared) }))
    .filter(isStale);
  await inTwos(jobs, buildApp);
  const missing = apps.filter((app) => !present.includes(app));
  return { built: jobs.map(({ app }) => app), missing };
}

async function buildApp({ app, hash }) {
  const started = Date.now();
  const { code, output } = await runQuietly('node_modules/.bin/nest', ['build', app]);
  if (code !== 0 || !existsSync(mainOf(app))) {
    throw new ScriptError(`Building ${app} failed:\n${output}`, 'Correct what is named above.');
  }
  if (app === 'cli') chmodSync(mainOf(app), 0o755);
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, app), hash);
  console.log(`Built ${app} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function isStale({ app, hash }) {
  const stamp = join(STAMPS, app);
  return !existsSync(mainOf(app)) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash;
}

function mainOf(app) {
  return join(ROOT, `dist/apps/${app}/main.js`);
}

function filesUnder(directory) {
  return readdirSync(join(ROOT, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashOf(settings, files, ...others) {
  const hash = createHash('sha256').update(others.join());
  for (const file of [...settings.map((name) => join(ROOT, name)), ...files])
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

await main(import.meta.url, async (apps) => {
  await setupModules();
  await build(apps.length === 0 ? APPS : apps);
});

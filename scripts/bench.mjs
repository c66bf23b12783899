import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { build } from './build.mjs';
import { main, ROOT, run } from './processes.mjs';
import { setup } from './setup.mjs';

/** What a benchmark starts as processes of their own; one that is not named here gets every app. */
const APPS = { engine: [], watch: ['failover', 'sandbox'], rebalance: ['api', 'migrator', 'sandbox'] };

/** Runs one benchmark; further arguments are its own. The exit code is 0 only if it reaches its targets. */
await main(import.meta.url, async ([name, ...args]) => {
  const known = benchmarks();
  if (!known.includes(name)) {
    console.error(name === undefined ? 'Which benchmark?' : `There is no benchmark "${name}".`);
    console.error(`  There is: ${known.map((one) => `npm run bench:${one}`).join(', ')}`);
    return 1;
  }
  await setup();
  const apps = APPS[name];
  if (apps === undefined) await build();
  else if (apps.length > 0) await build(apps);
  return run(process.execPath, [
    '--expose-gc',
    ...['-r', './test/support/run-typescript.cjs'],
    `test/bench/${name}.ts`,
    ...args,
  ]);
});

function benchmarks() {
  return readdirSync(join(ROOT, 'test/bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

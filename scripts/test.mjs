import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { build } from './build.mjs';
import { main, ROOT, run } from './processes.mjs';
import { setup } from './setup.mjs';

/** What runs when nothing is asked for: all but the whole tables of faults, which take as long again. */
const USUAL = ['--selectProjects', 'unit', 'conformance', 'e2e'];

/** Runs the tests; arguments are passed on to jest. The tests of the scripts run only when nothing is asked for. */
await main(import.meta.url, async (args) => {
  await setup();
  await build();
  const scripts =
    args.length === 0
      ? await run(process.execPath, ['--test', '--test-timeout=60000', ...testsOfScripts()])
      : 0;
  const jest = await run('node_modules/.bin/jest', ['--maxWorkers=2', ...(args.length === 0 ? USUAL : args)]);
  return jest || scripts;
});

function testsOfScripts() {
  return readdirSync(join(ROOT, 'scripts'))
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => join('scripts', name));
}

import { build } from './build.mjs';
import { main, run, ScriptError } from './processes.mjs';
import { setup } from './setup.mjs';

/** Starts a whole cluster on loopback; arguments are the sandbox's own. */
await main(import.meta.url, async (args) => {
  await setup();
  const { missing } = await build(['sandbox']);
  if (missing.length > 0)
    throw new ScriptError('There is no apps/sandbox/src/main.ts.', 'Check out the whole repository.');
  return run(process.execPath, ['--enable-source-maps', 'dist/apps/sandbox/main.js', ...args]);
});

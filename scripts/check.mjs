import { inTwos } from './in-twos.mjs';
import { main, runQuietly } from './processes.mjs';
import { setup } from './setup.mjs';

const CHECKS = [
  ['eslint', '--max-warnings', '0', '.'],
  ['tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['prettier', '--check', '--log-level', 'warn', '.'],
  ['depcruise', '--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'test'],
  ['knip'],
];

/** Runs every check, also after one has failed, and says which did. */
await main(import.meta.url, async () => {
  await setup();
  const failed = [];
  await inTwos(CHECKS, async ([tool, ...args]) => {
    const started = Date.now();
    const { code, output } = await runQuietly(`node_modules/.bin/${tool}`, args);
    console.log(
      `${code === 0 ? 'ok    ' : 'FAILED'} ${tool} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
    );
    if (code !== 0) failed.push({ tool, output });
  });
  for (const { tool, output } of failed) console.log(`\n--- ${tool} ---\n${output.trimEnd()}`);
  if (failed.length === 0) return 0;
  console.log(
    `\nFailed: ${failed.map(({ tool }) => tool).join(', ')}. Formatting is corrected by npm run format.`,
  );
  return 1;
});

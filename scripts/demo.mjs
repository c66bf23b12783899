import { build } from './build.mjs';
import { failover } from './demo/failover.mjs';
import { moveSlot } from './demo/move-slot.mjs';
import { HELP, readOptions } from './demo/options.mjs';
import { startLab } from './demo/lab.mjs';
import { scaleOut } from './demo/scale-out.mjs';
import { tellAddresses, tellChecks, tellNext } from './demo/report.mjs';
import { isStopping, main, ScriptError } from './processes.mjs';
import { setup } from './setup.mjs';

const SCENARIOS = { 'move-slot': moveSlot, 'scale-out': scaleOut, failover };
/** Watching for dead masters takes the machine time that the others measure. */
const FAILOVER_WORKERS = { failover: 3 };

/** Shows a scenario on a whole cluster of its own. The exit code is 0 only if everything that has to hold does. */
await main(import.meta.url, async (args) => {
  const options = readOptions(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  // The demo keeps its events in a Redis of its own, whatever is set for others.
  delete process.env.SLOTFERRY_REDIS_URL;
  await setup();
  await buildApps();
  const startedAt = Date.now();
  const failoverWorkers = FAILOVER_WORKERS[options.scenario] ?? 0;
  const watchers = failoverWorkers === 0 ? '' : ` ${failoverWorkers} failover workers,`;
  console.log(
    `Starting Redis, the API, a worker,${watchers} and a cluster of six empty nodes, a dashboard and two proxies ...`,
  );
  const lab = await startLab({ failoverWorkers });
  const result = await Promise.race([SCENARIOS[options.scenario](lab, options), lab.ended]);
  if (isStopping()) return 1;
  tellChecks(result);
  console.log(`  Everything since the build took ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
  if (!options.keep) {
    tellNext(result);
    return result.checks.every(({ holds }) => holds) ? 0 : 1;
  }
  tellAddresses(lab, result);
  return lab.ended;
});

async function buildApps() {
  const { missing } = await build();
  if (missing.length === 0) return;
  throw new ScriptError(`There is no source of ${missing.join(', ')}.`, 'Check out the whole repository.');
}

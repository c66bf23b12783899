import { silentLogger } from '@slotferry/platform';
import { PhaseRegistry, WorkflowRuntime } from '@slotferry/workflow';
import { idle, phases, waiting } from './idle-workflow';
import { answerParent } from './process-usage';
import { CONCURRENCY } from './settings';

/** A worker of the engine with the settings of a migrator: `engine-process.ts <redis url> <namespace>`. */
const [redisUrl = '', namespace = ''] = process.argv.slice(2);

const runtime = new WorkflowRuntime({
  redisUrl,
  namespace,
  registry: new PhaseRegistry([idle, waiting], phases),
  worker: 'bench',
  logger: silentLogger,
  concurrency: CONCURRENCY,
  leaseMs: 10_000,
  watchdogIntervalMs: 250,
  reconcileIntervalMs: 30_000,
  lockDurationMs: 20_000,
  redact: (value) => value,
});
answerParent(() => runtime.start());

import { PHASES } from './idle-workflow';
import { type Measured, median } from './measured';
import { CONCURRENCY } from './settings';
import { type Target } from './targets';

/** Prints what was measured, for people. */
export function report({ bare, engine, growing, memory }: Measured, targets: readonly Target[]): void {
  const count = engine[0]?.workflows ?? 0;
  console.log(
    `\n${count} workflows of ${PHASES} phases that do nothing; one worker each, ${CONCURRENCY} at a time; Redis syncs every write.\n`,
  );
  row('', 'phases/s', 'worker ms/phase');
  for (const [name, rounds] of [
    ['bare BullMQ chain', bare],
    ['engine', engine],
  ] as const) {
    row(
      name,
      median(rounds.map(({ perSecond }) => perSecond)).toFixed(0),
      median(rounds.map(({ cpuMsPerPhase }) => cpuMsPerPhase)).toFixed(3),
    );
  }
  console.log('');
  row('engine, workflows', 'phases/s', 'worker ms/phase');
  for (const { workflows, perSecond, cpuMsPerPhase } of growing) {
    row(workflows.toLocaleString('en'), perSecond.toFixed(0), cpuMsPerPhase.toFixed(3));
  }
  console.log('');
  row(`a waiting workflow (of ${memory.workflows.toLocaleString('en')})`, 'bytes', '');
  row('in Redis', memory.redisBytes.toFixed(0), '');
  row('in the worker', memory.workerBytes.toFixed(0), '');
  console.log('');
  for (const { name, reached, found } of targets) {
    console.log(`  ${reached ? 'ok    ' : 'MISSED'} ${name.padEnd(70)}${found}`);
  }
}

function row(name: string, first: string, second: string): void {
  console.log(`  ${name.padEnd(36)}${first.padStart(10)}${second.padStart(18)}`);
}

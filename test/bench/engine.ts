import { parseArgs } from 'node:util';
import { otherWork } from '../support/other-work';
import { startRedis, type TestRedis } from '../support/redis';
import { BareChain } from './engine/bare-chain';
import { type Round } from './engine/contestant';
import { EngineCrew } from './engine/engine-crew';
import { type Measured, median } from './engine/measured';
import { memoryPerWorkflow } from './engine/memory';
import { report } from './engine/report';
import { targetsOf } from './engine/targets';

const workflows = 1_024;
const warmUp = 300;
const waitingWorkflows = 5_000;
/** How many workflows, and how many rounds: few workflows are over too soon to be measured once. */
const growing = [
  [100, 7],
  [1_000, 3],
  [10_000, 1],
] as const;

/** What the engine costs on top of the queue it is built on. Exit code 1 when a target is missed. */
async function main(): Promise<number> {
  const warning = otherWork();
  if (warning) console.error(warning);
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '5' } },
  });
  const redis = [await startRedis(), await startRedis()] as const;
  try {
    const measured = await measure(redis, Number(values.rounds));
    const targets = targetsOf(measured);
    if (values.json) console.log(JSON.stringify({ ...measured, targets }, null, 2));
    else report(measured, targets);
    return targets.every(({ reached }) => reached) ? 0 : 1;
  } finally {
    await Promise.all(redis.map((one) => one.stop()));
  }
}

async function measure(
  [ofBare, ofEngine]: readonly [TestRedis, TestRedis],
  rounds: number,
): Promise<Measured> {
  const bareChain = await BareChain.start(ofBare);
  const crew = await EngineCrew.start(ofEngine, 'bench');
  try {
    const [bare, engine] = await inTurns(bareChain, crew, rounds);
    const grown = await growth(crew);
    const [, thousand, tenThousand] = grown;
    return {
      bare,
      engine,
      share: median(engine.map(({ perSecond }, index) => perSecond / (bare[index]?.perSecond ?? NaN))),
      growing: grown,
      growth: (tenThousand?.cpuMsPerPhase ?? NaN) / (thousand?.cpuMsPerPhase ?? NaN),
      memory: await memoryPerWorkflow(ofEngine, waitingWorkflows),
    };
  } finally {
    await Promise.all([bareChain.stop(), crew.stop()]);
  }
}

/** One after the other, again and again: whatever else the machine does, it does to both. */
async function inTurns(bareChain: BareChain, crew: EngineCrew, rounds: number): Promise<[Round[], Round[]]> {
  for (const one of [bareChain, crew]) await one.round(warmUp);
  const [bare, engine]: [Round[], Round[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await bareChain.round(workflows));
    engine.push(await crew.round(workflows));
  }
  return [bare, engine];
}

async function growth(crew: EngineCrew): Promise<Round[]> {
  const found: Round[] = [];
  for (const [count, times] of growing) {
    const rounds: Round[] = [];
    for (let time = 0; time < times; time += 1) rounds.push(await crew.round(count));
    rounds.sort((a, b) => a.cpuMsPerPhase - b.cpuMsPerPhase);
    const middle = rounds[Math.floor(times / 2)];
    if (middle) found.push(middle);
  }
  return found;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

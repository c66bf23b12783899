import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { otherWork } from '../support/other-work';
import { BenchCluster } from './rebalance/bench-cluster';
import { type Way } from './rebalance/moved';
import { outcomeOf, type WayOutcome } from './rebalance/outcome';
import { report } from './rebalance/report';
import { targetsOf } from './rebalance/targets';
import { byHand } from './rebalance/ways/by-hand';
import { floor } from './rebalance/ways/floor';
import { product } from './rebalance/ways/product';
import { Writers } from './rebalance/writers';

const clients = 8;
/** Clients write so long before the first command and after the last, in milliseconds. */
const aroundMs = 500;

/** How fast slots are moved, and what clients notice, against the same work by hand. Exit code 1 when a target is missed. */
async function main(): Promise<number> {
  const warning = otherWork();
  if (warning) console.error(warning);
  const { values } = parseArgs({
    options: { slots: { type: 'string', default: '192' }, json: { type: 'boolean' } },
  });
  const slots = Array.from({ length: Number(values.slots) }, (_, index) => index);
  if (slots.length < 1 || slots.length > 500) throw new Error('--slots takes a number from 1 to 500');
  const outcomes = {
    floor: await measure(floor, slots),
    byActions: await measure(product('dashboard'), slots),
    atProxies: await measure(product('proxies'), slots),
    byHand: await measure(byHand, slots),
  };
  const targets = targetsOf(outcomes);
  if (values.json) console.log(JSON.stringify({ ...outcomes, targets }, null, 2));
  else report([outcomes.byHand, outcomes.atProxies, outcomes.byActions, outcomes.floor], targets);
  return targets.every(({ reached }) => reached) ? 0 : 1;
}

/** Each way gets a cluster of its own, fresh and alike. */
async function measure(way: Way, slots: readonly number[]): Promise<WayOutcome> {
  console.error(`${way.name} ...`);
  const cluster = await BenchCluster.start();
  try {
    const ready = await way.ready(cluster);
    const writers = await Writers.start({ proxies: cluster.proxies, slots, clients });
    await pause(aroundMs);
    const moved = await ready.move(slots);
    await pause(aroundMs);
    const written = await writers.stop();
    await ready.stop();
    return outcomeOf(way.name, moved, written, await cluster.settled(slots));
  } finally {
    await cluster.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

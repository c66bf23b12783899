import { CLUSTER } from './cluster-file.mjs';
import { Rebalance } from './rebalance.mjs';
import { checkScaleOut } from './scale-out-checks.mjs';
import { scaleOutSummary } from './scale-out-summary.mjs';
import { setScene, whileWriting } from './scene.mjs';
import { SLOT_COUNT, slotsIn, spread } from './slots.mjs';

const CLIENTS = 16;
/** Half of each client's slots move. */
const SLOTS_PER_CLIENT = 8;
const PAUSE_MS = 10;

/** Evens two groups out over three, the third just added, while clients write through both proxies to slots all over the cluster. */
export async function scaleOut(lab, { stallLimitMs }) {
  await setScene(lab);
  const rebalance = await Rebalance.plan(lab.api, CLUSTER, { kind: 'even' });
  tellPlan(rebalance.plan);
  const moving = new Map(
    rebalance.plan.moves.flatMap(({ slots, from, to }) => slotsIn(slots).map((slot) => [slot, { from, to }])),
  );
  const { result, writers } = await whileWriting(lab, clientsFor(moving), PAUSE_MS, () => {
    console.log(`\nExecuting it while ${CLIENTS} clients write through both proxies:`);
    return rebalance.execute();
  });
  const seen = {
    moved: writers.seenBy((slot) => moving.has(slot)),
    others: writers.seenBy((slot) => !moving.has(slot)),
  };
  console.log('\nReading every acknowledged write back, and asking everybody where every slot is ...');
  return {
    checks: await checkScaleOut(lab, { moving, plan: rebalance.plan, result, writers, seen, stallLimitMs }),
    summary: scaleOutSummary(result, seen),
    commands: [
      `cluster show --cluster ${CLUSTER}`,
      `workflow show ${result.id}`,
      `rebalance --cluster ${CLUSTER} --undo ${result.id} --dry-run`,
      `rebalance --cluster ${CLUSTER} --drain group:3 --in-flight 8 --yes --wait`,
    ],
    next: [
      [
        'npm run demo -- --scenario scale-out --keep',
        'the same, left running, with commands to take it back',
      ],
      ['docs/guide/rebalancing.md', 'goals, limits, pace, and what to do when moves are stuck'],
      ['docs/guide/moving-a-slot.md', 'what each of the moves does'],
      ['README.md', 'the first cluster of your own'],
    ],
  };
}

function clientsFor(moving) {
  const staying = Array.from({ length: SLOT_COUNT }, (_, slot) => slot).filter((slot) => !moving.has(slot));
  const half = (CLIENTS * SLOTS_PER_CLIENT) / 2;
  const slots = [...spread([...moving.keys()], half), ...spread(staying, half)];
  return Array.from({ length: CLIENTS }, (_, client) =>
    slots.filter((_slot, index) => index % CLIENTS === client),
  );
}

function tellPlan({ groups, moves, count, estimate, boundBy, limits }) {
  console.log('\nThe plan, as many slots for every group:');
  for (const { group, before, after } of groups) {
    console.log(`  group ${group}   ${String(before).padStart(4)} slots, then ${String(after).padStart(4)}`);
  }
  for (const { from, to, slots } of moves) {
    console.log(`  ${slotsIn(slots).length} slots from group ${from} to group ${to}: ${slots}`);
  }
  console.log(`  ${count} slots move, in ${estimate.fastest} to ${estimate.slowest} s; ${boundBy}`);
  console.log(
    `  at most ${limits.inFlight} at a time, ${limits.perSource} from one group, ${limits.perTarget} to one group`,
  );
}

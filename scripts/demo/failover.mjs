import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { CLUSTER } from './cluster-file.mjs';
import { checkFailover } from './failover-checks.mjs';
import { failoverSummary, tellCandidates, tellTimeline } from './failover-story.mjs';
import { showProgress } from './progress.mjs';
import { restoreOldMaster } from './rejoin.mjs';
import { bootstrap, whileWriting } from './scene.mjs';
import { SLOT_COUNT, spread } from './slots.mjs';

const DOWN_AFTER = '1s';
const CLIENTS = 16;
const SLOTS_PER_CLIENT = 2;
const PAUSE_MS = 5;
/** Writes that only one of the two replicas gets. */
const BEHIND_MS = 300;
const WATCHED_LIMIT_MS = 30_000;
const FAILOVER_LIMIT_MS = 60_000;
const POLL_MS = 20;

/** Kills the master of group 1 while clients write and one of its replicas is behind, then brings it back. */
export async function failover(lab, { stallLimitMs }) {
  const [master, behind, ahead] = lab.cluster.nodes;
  const half = SLOT_COUNT / 2;
  const ofGroup1 = (slot) => slot < half;
  await setFailoverScene(lab);
  console.log(`\nKilling ${master.name} while ${CLIENTS} clients write through both proxies:`);
  const { result, writers } = await whileWriting(lab, clients(half), PAUSE_MS, () =>
    kill(lab, { master, behind, ahead, slots: slotsWritten(half) }),
  );
  const { at, deadAt } = result.killed;
  const firstWriteMs = writers.firstAnswerAfter(deadAt, ofGroup1) - at;
  tellTimeline(lab, result, firstWriteMs);
  tellCandidates(lab, result);
  console.log('\nReading every acknowledged write back ...');
  const lost = await writers.findLost();
  console.log(`\nBringing ${master.name} back:`);
  const rejoin = await restoreOldMaster(lab, master, behind);
  const story = { ...result, firstWriteMs, lost, rejoin, master, behind, ahead };
  return {
    checks: await checkFailover(lab, { story, writers, ofGroup1, stallLimitMs }),
    summary: failoverSummary(story),
    commands: [
      `failover status --cluster ${CLUSTER}`,
      `failover history --cluster ${CLUSTER}`,
      `workflow show ${result.id}`,
      `switchover --cluster ${CLUSTER} --group 1 --to ${master.address} --wait`,
    ],
    next: [
      ['npm run demo -- --scenario failover --keep', 'the same, left running, with commands to look around'],
      ['docs/guide/failover.md', 'what is promised, how a new master is elected, what operators can do'],
      ['README.md', 'the first cluster of your own'],
    ],
  };
}

async function setFailoverScene(lab) {
  const layout = { groupSize: 3, more: [`failover: { downAfter: ${DOWN_AFTER} }`] };
  console.log('\nSetting up groups 1 and 2, 512 slots each, two replicas for each master:');
  await bootstrap(lab, [1, 2], layout);
  await lab.control.speed('real');
  await untilWatched(lab);
  console.log('\nThree workers watch all nodes. From here on nodes take the time that real ones take.');
}

/** Every worker has voted on every group, and calls it healthy. */
async function untilWatched({ api }) {
  const deadline = Date.now() + WATCHED_LIMIT_MS;
  for (;;) {
    const { workers, groups } = await api.get(`/clusters/${CLUSTER}/failover`);
    const isWell = groups.length === 2 && groups.every(({ analysis }) => analysis === 'Healthy');
    if (workers.length === 3 && isWell) return;
    if (Date.now() > deadline)
      throw new Error(`the cluster is not watched: ${JSON.stringify({ workers, groups })}`);
    await sleep(100);
  }
}

/** The first half of the clients writes to group 1, the other one to group 2. */
function clients(half) {
  const all = slotsWritten(half).map((slot) => [slot, slot + half]);
  return [0, 1].flatMap((group) =>
    Array.from({ length: CLIENTS / 2 }, (_, client) =>
      all.map((pair) => pair[group]).slice(client * SLOTS_PER_CLIENT, (client + 1) * SLOTS_PER_CLIENT),
    ),
  );
}

/** Slots of group 1 that clients write to. */
function slotsWritten(half) {
  const all = Array.from({ length: half }, (_, slot) => slot);
  return spread(all, (CLIENTS / 2) * SLOTS_PER_CLIENT);
}

/** Holds one replica back, kills the master, and follows what comes of it. */
async function kill({ api, control }, { master, behind, ahead, slots }) {
  await control.link(master.name, behind.name, 'cut');
  await sleep(BEHIND_MS);
  const killed = { wall: Date.now(), at: performance.now() };
  await control.node(master.name, 'crash');
  killed.deadAt = performance.now();
  // What the replicas hold now is all that can be saved.
  const [ofBehind, ofAhead] = await Promise.all([
    control.slots(behind.name, slots),
    control.slots(ahead.name, slots),
  ]);
  const saved = new Set([...ofBehind, ...ofAhead].flatMap(({ keyNames }) => keyNames));
  const id = await theFailover(api);
  const progress = await showProgress(api.events(id, FAILOVER_LIMIT_MS), told);
  const { events } = await api.get(`/workflows/${id}/events`);
  return { id, killed, saved, progress, events };
}

const told = {
  confirm: 'the master is dead for a look of its own, too',
  park: 'nobody else works on the group',
  survey: 'all replicas have told where they are',
  elect: 'the replica that lacks least',
  converge: 'it has got what only others had',
  promote: 'it is a master by its own word',
  reroute: 'every proxy sends clients to it',
  reattach: 'the other replica follows it',
  release: 'whoever worked on the group goes on',
  close: 'told to everybody',
};

async function theFailover(api) {
  const deadline = Date.now() + FAILOVER_LIMIT_MS;
  for (;;) {
    const { workflows } = await api.get(`/workflows?cluster=${CLUSTER}&workflow=failover`);
    if (workflows[0]) return workflows[0].id;
    if (Date.now() > deadline) throw new Error('nobody began a failover');
    await sleep(POLL_MS);
  }
}

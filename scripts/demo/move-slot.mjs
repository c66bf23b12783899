import { setTimeout as sleep } from 'node:timers/promises';

import { check } from './checks.mjs';
import { CLUSTER, clusterFile } from './cluster-file.mjs';
import { setSpeed } from './lab.mjs';
import { showProgress } from './progress.mjs';
import { Writers } from './writers.mjs';

const SLOT = 1;
const TARGET_GROUP = 3;
const BOOTSTRAP_LIMIT_MS = 60_000;
const MOVE_LIMIT_MS = 60_000;
const FIRST_WRITE_LIMIT_MS = 10_000;
/** Clients write so long before the move begins and after it has ended. */
const AROUND_MS = 500;

/** How many clients write to which slot: to the one that moves, to its neighbours in group 1, to some of group 2. */
const CLIENTS = [
  [SLOT, 4],
  [0, 1],
  [511, 1],
  [512, 1],
  [1023, 1],
];

/** Moves slot 1 from group 1 to a group that was just added, while clients write through both proxies. Returns the checks. */
export async function moveSlot(lab, options) {
  const { cluster } = lab;
  console.log('\nSetting up groups 1 and 2, 512 slots each, a replica for each master:');
  await bootstrap(lab, [1, 2]);

  await setSpeed(lab, 'real');
  console.log('\nFrom here on nodes take the time that real ones take. Adding group 3, without slots:');
  await bootstrap(lab, [1, 2, TARGET_GROUP]);

  const writers = new Writers(
    cluster.proxies.map(({ client }) => client),
    CLIENTS,
  );
  writers.start();
  let move;
  try {
    await writers.untilAllWrite(FIRST_WRITE_LIMIT_MS);
    await sleep(AROUND_MS);
    console.log(
      `\nMoving slot ${SLOT} to group ${TARGET_GROUP} while ${writers.count} clients write through both proxies:`,
    );
    move = await runMove(lab);
    await sleep(AROUND_MS);
  } finally {
    await writers.stop();
  }
  return { move, checks: await check(lab, { slot: SLOT, move, writers, ...options }) };
}

async function bootstrap(lab, groups) {
  const file = clusterFile(lab.cluster, groups);
  await lab.api.put(`/clusters/${CLUSTER}`, { file, fileName: 'cluster.yaml' });
  const { workflows } = await lab.api.post(`/clusters/${CLUSTER}/bootstrap`);
  const told = {
    preflight: 'nodes and dashboard answer and fit the cluster file',
    'create-slots': 'every node has the slots of its group',
    'attach-replicas': 'every replica follows its master, and has all it has',
    'create-groups': 'the dashboard knows the groups and their nodes',
    'assign-slots': 'the dashboard sends every slot to its group',
    verify: 'the cluster is as its file says',
  };
  await showProgress(lab.api.events(workflows[0].id, BOOTSTRAP_LIMIT_MS), told);
}

async function runMove({ api, cluster }) {
  const { workflows } = await api.post(`/clusters/${CLUSTER}/moves`, {
    slots: String(SLOT),
    to: TARGET_GROUP,
  });
  const { id } = workflows[0];
  const told = {
    preflight: 'nodes, proxies and routes are fit for the move',
    'create-slots': 'pika5 and pika6 have an empty slot',
    'attach-master': 'pika5 follows pika1',
    'attach-replicas': 'pika6 follows pika5',
    'catch-up': 'both are close behind',
    handover: 'held at the proxies, drained, detached, switched to pika5',
    verify: 'nothing was written to pika1 since; samples are the same',
    'clean-up': 'pika2 and pika1 have given the slot up',
  };
  const { tookMs, times } = await showProgress(api.events(id, MOVE_LIMIT_MS), told);
  const { facts } = await api.get(`/workflows/${id}`);
  const [source, sourceReplica, , , target, targetReplica] = cluster.nodes;
  return { id, tookMs, times, heldMs: facts.heldMs ?? null, source, sourceReplica, target, targetReplica };
}

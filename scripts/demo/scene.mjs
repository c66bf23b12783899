import { setTimeout as sleep } from 'node:timers/promises';

import { CLUSTER, clusterFile } from './cluster-file.mjs';
import { showProgress } from './progress.mjs';
import { Writers } from './writers.mjs';

const BOOTSTRAP_LIMIT_MS = 60_000;
const FIRST_WRITE_LIMIT_MS = 10_000;
/** Clients write so long before the work begins and after it has ended. */
const AROUND_MS = 500;

/** What every scenario begins with: all slots on groups 1 and 2, and group 3 with none, from when on time passes as with real servers. */
export async function setScene(lab) {
  console.log('\nSetting up groups 1 and 2, 512 slots each, a replica for each master:');
  await bootstrap(lab, [1, 2]);
  await lab.control.speed('real');
  console.log('\nFrom here on nodes take the time that real ones take. Adding group 3, without slots:');
  await bootstrap(lab, [1, 2, 3]);
}

/** Does the work while clients write, `pauseMs` after each answer. Gives what came of it, and the writers, which have stopped. */
export async function whileWriting({ cluster }, clients, pauseMs, work) {
  const proxies = cluster.proxies.map(({ client }) => client);
  const writers = new Writers(proxies, clients, pauseMs);
  writers.start();
  try {
    await writers.untilAllWrite(FIRST_WRITE_LIMIT_MS);
    await sleep(AROUND_MS);
    const result = await work();
    await sleep(AROUND_MS);
    return { result, writers };
  } finally {
    await writers.stop();
  }
}

/** Registers the cluster with these groups and sets it up. */
export async function bootstrap(lab, groups, layout) {
  const file = clusterFile(lab.cluster, groups, layout);
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

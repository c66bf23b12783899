import { CLUSTER } from './cluster-file.mjs';
import { checkMove } from './move-slot-checks.mjs';
import { showProgress } from './progress.mjs';
import { setScene, whileWriting } from './scene.mjs';

const SLOT = 1;
const TARGET_GROUP = 3;
const MOVE_LIMIT_MS = 60_000;
const PAUSE_MS = 2;

/** The slot of each client: the one that moves, its neighbours in group 1, some of group 2. */
const CLIENTS = [[SLOT], [SLOT], [SLOT], [SLOT], [0], [511], [512], [1023]];

/** Moves slot 1 from group 1 to a group that was just added, while clients write through both proxies. */
export async function moveSlot(lab, { stallLimitMs }) {
  await setScene(lab);
  const { result: move, writers } = await whileWriting(lab, CLIENTS, PAUSE_MS, () => {
    console.log(
      `\nMoving slot ${SLOT} to group ${TARGET_GROUP} while ${CLIENTS.length} clients write through both proxies:`,
    );
    return runMove(lab);
  });
  return {
    checks: await checkMove(lab, { slot: SLOT, move, writers, stallLimitMs }),
    summary: [
      `The move took ${move.tookMs} ms; clients of the slot were held for ${move.heldMs ?? 'an unknown number of'} ms of it.`,
    ],
    commands: [
      `cluster show --cluster ${CLUSTER}`,
      `workflow history ${move.id}`,
      `move 2-5 --cluster ${CLUSTER} --to ${TARGET_GROUP} --wait`,
    ],
    next: [
      ['npm run demo -- --keep', 'the same, left running, with addresses and commands to try'],
      ['npm run demo -- --scenario scale-out', 'a third of all slots moved, in a minute or so'],
      ['docs/guide/moving-a-slot.md', 'what each phase does, and what it waits for'],
      ['README.md', 'the first cluster of your own'],
    ],
  };
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
  const { tookMs } = await showProgress(api.events(id, MOVE_LIMIT_MS), told);
  const { facts } = await api.get(`/workflows/${id}`);
  const [source, sourceReplica, , , target, targetReplica] = cluster.nodes;
  return { id, tookMs, heldMs: facts.heldMs ?? null, source, sourceReplica, target, targetReplica };
}

import { setTimeout as sleep } from 'node:timers/promises';

import { askHttp, isLevel, oneLine, slotsOf } from './look.mjs';
import { writeChecks } from './write-checks.mjs';

const LEVEL_LIMIT_MS = 3_000;

/** Looks at dashboard, proxies, nodes and data themselves. One entry for everything that has to hold: what, whether, found, why. */
export async function checkMove({ api, cluster }, { slot, move, writers, stallLimitMs }) {
  const { source, sourceReplica, target, targetReplica } = move;
  return [
    await routeCheck('dashboard', `http://${cluster.dashboard.address}/topom/slots`, slot, target),
    ...(await Promise.all(
      cluster.proxies.map(({ name, admin }) => routeCheck(name, `http://${admin}/proxy/slots`, slot, target)),
    )),
    await replicaCheck(slot, target, targetReplica),
    await goneCheck(slot, source),
    await goneCheck(slot, sourceReplica),
    await logCheck(api, move.id),
    ...(await writeChecks({
      writers,
      moved: writers.seenBy((one) => one === slot),
      others: writers.seenBy((one) => one !== slot),
      heldMs: move.heldMs,
      stallLimitMs,
      names: [`slot ${slot}`, 'other slots'],
    })),
  ];
}

/** Where the dashboard or a proxy itself says that it sends the slot. */
async function routeCheck(name, url, slot, target) {
  const route = (await askHttp(url)).find(({ id }) => id === slot) ?? {};
  return {
    name: `${name} sends slot ${slot} to group 3`,
    holds: route.backend_addr === target.address && !route.locked && !route.migrate_from,
    found: `${target.name}, ${route.backend_addr ?? 'nobody'}`,
    why: `Expected ${target.address} and nothing held back; it says ${JSON.stringify(route)}.`,
  };
}

/** Whether the new master lists the new replica without a lag, and both stand at the same position. */
async function replicaCheck(slot, master, replica) {
  const name = `${replica.name} follows ${master.name}`;
  const deadline = Date.now() + LEVEL_LIMIT_MS;
  for (;;) {
    const [atMaster, atReplica] = await Promise.all([infoOf(slot, master), infoOf(slot, replica)]);
    if (isLevel(atMaster, atReplica, master, replica))
      return { name, holds: true, found: 'lag 0, same position' };
    if (Date.now() > deadline) {
      const why = `${master.name} says ${oneLine(atMaster)}; ${replica.name} says ${oneLine(atReplica)}.`;
      return { name, holds: false, found: 'no, or it lags', why };
    }
    await sleep(20);
  }
}

async function goneCheck(slot, node) {
  const info = await infoOf(slot, node);
  return {
    name: `slot ${slot} is gone from ${node.name}`,
    holds: info === undefined,
    found: info === undefined ? 'yes' : 'no',
    why: `It says ${oneLine(info)}.`,
  };
}

async function logCheck(api, id) {
  const { intact, fault } = await api.get(`/workflows/${id}/verify`);
  return {
    name: 'event log of the move',
    holds: intact,
    found: intact ? 'complete, every hash fits' : 'damaged',
    why: `Event ${fault?.version}: ${fault?.code}.`,
  };
}

async function infoOf(slot, node) {
  return (await slotsOf(node, slot)).get(slot);
}

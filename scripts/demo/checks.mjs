import { setTimeout as sleep } from 'node:timers/promises';

import { RespConnection } from './resp.mjs';

const LEVEL_LIMIT_MS = 3_000;
const CALL_LIMIT_MS = 5_000;

/** Looks at dashboard, proxies, nodes and data themselves. One entry for everything that has to hold: what, whether, found, why. */
export async function check({ api, cluster }, { slot, move, writers, stallLimitMs }) {
  const { source, sourceReplica, target, targetReplica } = move;
  const mine = writers.seenBy((one) => one === slot);
  const others = writers.seenBy((one) => one !== slot);
  const lost = await writers.findLost();
  const errors = [...mine.errors, ...others.errors];
  const longestMs = Math.max(mine.longestMs, others.longestMs);
  return [
    await routeCheck('dashboard', `http://${cluster.dashboard.address}/topom/slots`, slot, target),
    ...(await Promise.all(
      cluster.proxies.map(({ name, admin }) => routeCheck(name, `http://${admin}/proxy/slots`, slot, target)),
    )),
    await replicaCheck(slot, target, targetReplica),
    await goneCheck(slot, source),
    await goneCheck(slot, sourceReplica),
    await logCheck(api, move.id),
    {
      name: 'writes acknowledged',
      holds: mine.acknowledged > 0 && others.acknowledged > 0,
      found: `${mine.acknowledged} in slot ${slot} by ${mine.clients} clients, ${others.acknowledged} in other slots by ${others.clients}`,
      why: 'Clients that got no answer prove nothing; their errors are below.',
    },
    {
      name: 'writes lost',
      holds: lost.length === 0,
      found: `${lost.length} of ${mine.acknowledged + others.acknowledged}, all read back through the proxies`,
      why: `Acknowledged and not there, for example ${lost[0]}. That must never happen: keep everything with --keep and look at it.`,
    },
    {
      name: 'client errors',
      holds: errors.length === 0,
      found: String(errors.length),
      why: `Clients must not notice a move. The first error: ${errors[0]}`,
    },
    {
      name: 'longest stall',
      holds: longestMs <= stallLimitMs,
      found: `${Math.ceil(mine.longestMs)} ms in slot ${slot}, ${Math.ceil(others.longestMs)} ms in other slots; limit ${stallLimitMs} ms`,
      why: `Clients of the slot were held for ${move.heldMs} ms at most, and this process itself came to stand for ${Math.ceil(writers.longestDelayMs)} ms. Where a stall is much longer than the hold, the machine has other work: end that and run it again.`,
    },
  ];
}

/** Where the dashboard or a proxy itself says that it sends the slot. */
async function routeCheck(name, url, slot, target) {
  const response = await fetch(url, { signal: AbortSignal.timeout(CALL_LIMIT_MS) });
  const route = (await response.json()).find(({ id }) => id === slot) ?? {};
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
    const [atMaster, atReplica] = await Promise.all([slotInfo(master, slot), slotInfo(replica, slot)]);
    const isLevel =
      atMaster.includes(`slave[0]: ${replica.address}`) &&
      /^ +lag: 0\r$/m.test(atMaster) &&
      atReplica.includes(`master: ${master.address}`) &&
      positionOf(atMaster) === positionOf(atReplica);
    if (isLevel) return { name, holds: true, found: 'lag 0, same position' };
    if (Date.now() > deadline) {
      const why = `${master.name} says ${oneLine(atMaster)}; ${replica.name} says ${oneLine(atReplica)}.`;
      return { name, holds: false, found: 'no, or it lags', why };
    }
    await sleep(20);
  }
}

async function goneCheck(slot, node) {
  const info = await slotInfo(node, slot);
  return {
    name: `slot ${slot} is gone from ${node.name}`,
    holds: info === '',
    found: info === '' ? 'yes' : 'no',
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

async function slotInfo({ address }, slot) {
  const connection = await RespConnection.open(address);
  try {
    return await connection.send('pkcluster', 'info', 'slot', String(slot));
  } finally {
    connection.close();
  }
}

function positionOf(info) {
  return /binlog_offset=([^,]+),/.exec(info)?.[1] ?? info;
}

function oneLine(text) {
  return text.trim().replace(/\s+/g, ' ') || 'nothing';
}

import { setTimeout as sleep } from 'node:timers/promises';

import { askHttp, isLevel, oneLine, slotsOf } from './look.mjs';
import { SLOT_COUNT } from './slots.mjs';
import { writeChecks } from './write-checks.mjs';

const LEVEL_LIMIT_MS = 5_000;
const LOGS_AT_ONCE = 16;
const SHOWN = 5;

/** Looks at dashboard, proxies, nodes and data themselves. One entry for everything that has to hold: what, whether, found, why. */
export async function checkScaleOut({ api, cluster }, { moving, plan, result, writers, seen, stallLimitMs }) {
  const { dashboard, proxies, nodes } = cluster;
  const { id, progress } = result;
  const ownerOf = (slot) => moving.get(slot)?.to ?? (slot < SLOT_COUNT / 2 ? 1 : 2);
  const masters = { 1: nodes[0], 2: nodes[2], 3: nodes[4] };
  const expected = { ownerOf, masters, counts: plan.groups.map(({ after }) => after).join('/') };
  return [
    allMovedCheck(plan, progress),
    await routesCheck('dashboard', `http://${dashboard.address}/topom/slots`, expected),
    ...(await Promise.all(
      proxies.map(({ name, admin }) => routesCheck(name, `http://${admin}/proxy/slots`, expected)),
    )),
    await quietCheck(dashboard),
    await replicaCheck([...moving.keys()], nodes[4], nodes[5]),
    await goneCheck(moving, nodes.slice(0, 4)),
    await logsCheck(api, [id, ...[...moving.keys()].map((slot) => `${id}-s0-${slot}`)]),
    ...(await writeChecks({
      writers,
      ...seen,
      heldMs: progress.held?.max,
      stallLimitMs,
      names: [`${seen.moved.slots} slots that moved`, `${seen.others.slots} others`],
    })),
  ];
}

function allMovedCheck({ count }, { moved, skipped, stuck }) {
  return {
    name: 'slots moved',
    holds: moved === count && count > 0,
    found: `${moved} of ${count}`,
    why: `${skipped} were left out, ${stuck} are stuck.`,
  };
}

/** Whether the dashboard or a proxy sends every slot to the master of the group that is to own it, and holds none back. */
async function routesCheck(name, url, { ownerOf, masters, counts }) {
  const routes = await askHttp(url);
  const wrong = routes.filter(
    ({ id, backend_addr: address, locked, migrate_from: from }) =>
      address !== masters[ownerOf(id)].address || locked || from,
  );
  const found = Object.values(masters)
    .map(({ address }) => routes.filter((route) => route.backend_addr === address).length)
    .join('/');
  return {
    name: `slots per group at ${name}`,
    holds: wrong.length === 0 && routes.length === SLOT_COUNT && found === counts,
    found,
    why: `Expected ${counts} and nothing held back; of ${routes.length} slots ${wrong.length} are wrong, for example ${JSON.stringify(wrong[0])}.`,
  };
}

/** Whether the dashboard has nothing under way and no group differs from what the proxies were told. */
async function quietCheck({ address }) {
  const { slots, group } = await askHttp(`http://${address}/topom/stats`);
  const actions = slots.filter(({ action }) => action.state).map(({ id }) => id);
  const outOfSync = group.models.filter((one) => one.out_of_sync).map(({ id }) => id);
  return {
    name: 'nothing under way at dashboard',
    holds: actions.length === 0 && outOfSync.length === 0,
    found: `${actions.length} actions, ${outOfSync.length} groups out of sync`,
    why: `Slots with an action: ${some(actions)}; groups out of sync: ${some(outOfSync)}.`,
  };
}

async function replicaCheck(slots, master, replica) {
  const name = `${replica.name} follows ${master.name}`;
  const deadline = Date.now() + LEVEL_LIMIT_MS;
  for (;;) {
    const [atMaster, atReplica] = await Promise.all([slotsOf(master), slotsOf(replica)]);
    const behind = slots.filter((slot) => !isLevel(atMaster.get(slot), atReplica.get(slot), master, replica));
    if (behind.length === 0)
      return { name, holds: true, found: `in all ${slots.length} slots, lag 0, same position` };
    if (Date.now() > deadline) {
      const [slot] = behind;
      const why = `Not in slots ${some(behind)}. Of slot ${slot} ${master.name} says ${oneLine(atMaster.get(slot))}; ${replica.name} says ${oneLine(atReplica.get(slot))}.`;
      return { name, holds: false, found: `not in ${behind.length} of ${slots.length} slots`, why };
    }
    await sleep(100);
  }
}

async function goneCheck(moving, nodes) {
  const left = [];
  for (const node of nodes) {
    const held = await slotsOf(node);
    left.push(
      ...[...held.keys()].filter((slot) => moving.has(slot)).map((slot) => `${slot} on ${node.name}`),
    );
  }
  return {
    name: 'moved slots gone from their old nodes',
    holds: left.length === 0,
    found: left.length === 0 ? 'yes, from pika1 to pika4' : `${left.length} are still there`,
    why: `Still there: ${some(left)}.`,
  };
}

async function logsCheck(api, ids) {
  const damaged = [];
  for (let from = 0; from < ids.length; from += LOGS_AT_ONCE) {
    const group = ids.slice(from, from + LOGS_AT_ONCE);
    const answers = await Promise.all(group.map((id) => api.get(`/workflows/${id}/verify`)));
    damaged.push(...group.filter((_id, index) => !answers[index].intact));
  }
  return {
    name: `event logs of it and its ${ids.length - 1} moves`,
    holds: damaged.length === 0,
    found: damaged.length === 0 ? 'complete, every hash fits' : `${damaged.length} are damaged`,
    why: `Damaged: ${some(damaged)}.`,
  };
}

function some(list) {
  const more = list.length > SHOWN ? ` and ${list.length - SHOWN} more` : '';
  return `${list.slice(0, SHOWN).join(', ') || 'none'}${more}`;
}

import { CLUSTER } from './cluster-file.mjs';
import { electionIn, nameOf, summaryIn } from './failover-story.mjs';
import { askHttp } from './look.mjs';
import { SLOT_COUNT } from './slots.mjs';

/** Looks at clients, proxies, nodes and the product's own words. One entry for everything that has to hold: what, whether, found, why. */
export async function checkFailover(lab, { story, writers, ofGroup1, stallLimitMs }) {
  const others = writers.seenBy((slot) => !ofGroup1(slot));
  const written = writers.seenBy(ofGroup1);
  return [
    firstWriteCheck(story, stallLimitMs),
    electionCheck(lab, story),
    ...(await Promise.all(lab.cluster.proxies.map((proxy) => routesCheck(proxy, story)))),
    acknowledgedCheck(written, others),
    lostCheck(story, written),
    await reportedCheck(lab, story),
    otherGroupCheck(others),
    equalCheck(lab, story),
    await logCheck(lab, story),
  ];
}

function firstWriteCheck({ firstWriteMs }, limitMs) {
  return {
    name: 'first write after the kill',
    holds: firstWriteMs <= limitMs,
    found: `after ${Math.round(firstWriteMs)} ms; limit ${limitMs} ms`,
    why: 'The timeline above shows where the time went. Where the machine has other work, end that and run it again.',
  };
}

function electionCheck(lab, { events, ahead, behind }) {
  const { winner, verdicts } = electionIn(events);
  const lag = verdicts.find(({ node }) => node === behind.address)?.behindBytes ?? 0;
  return {
    name: 'the replica that lacked least won',
    holds: winner === ahead.address && lag > 0,
    found: `${nameOf(lab, winner)}; ${behind.name} was ${lag} bytes behind`,
    why: `Expected ${ahead.name}: ${behind.name} is listed first, and was held back before the kill.`,
  };
}

async function routesCheck({ name, admin }, { ahead }) {
  const routes = await askHttp(`http://${admin}/proxy/slots`);
  const wrong = routes.filter(
    ({ id, backend_addr: address, locked }) => id < SLOT_COUNT / 2 && (locked || address !== ahead.address),
  );
  return {
    name: `slots of group 1 at ${name}`,
    holds: wrong.length === 0,
    found: `${SLOT_COUNT / 2 - wrong.length} go to ${ahead.name}`,
    why: `For example ${JSON.stringify(wrong[0])}.`,
  };
}

function acknowledgedCheck(written, others) {
  return {
    name: 'writes acknowledged',
    holds: written.acknowledged > 0 && others.acknowledged > 0,
    found: `${written.acknowledged} in group 1, ${others.acknowledged} in group 2`,
    why: 'Clients that got no answer prove nothing.',
  };
}

/** Replication is asynchronous: what had reached nobody when the master died cannot be saved. Everything else must be there. */
function lostCheck({ lost, saved }, { acknowledged }) {
  const avoidable = lost.filter((key) => saved.has(key));
  return {
    name: 'writes lost that a replica had',
    holds: avoidable.length === 0,
    found: `${avoidable.length}; ${lost.length} of ${acknowledged} had reached no replica`,
    why: `For example ${avoidable[0]}. That must never happen: keep everything with --keep and look at it.`,
  };
}

async function reportedCheck({ api }, { lost, rejoin, events }) {
  const { entries } = await api.get(`/clusters/${CLUSTER}/failover/history?group=1&limit=100`);
  const told = entries.find(({ code }) => code === 'writes-discarded');
  const exported = new Set(rejoin.files.flatMap(({ keys }) => keys));
  const unreported = lost.filter((key) => !exported.has(key));
  const { lossBytes } = summaryIn(events);
  return {
    name: 'lost writes the product tells of',
    holds: unreported.length === 0 && (lost.length === 0 || told !== undefined),
    found: `${lost.length - unreported.length} of ${lost.length}; known at the election: ${lossBytes ?? 'not known'} bytes`,
    why: `Not in a file of discarded writes: ${unreported[0] ?? 'none, but the history does not tell of them'}.`,
  };
}

function otherGroupCheck({ errors }) {
  return {
    name: 'client errors in group 2',
    holds: errors.length === 0,
    found: String(errors.length),
    why: `A group whose master lives must not notice. The first error: ${errors[0]}`,
  };
}

function equalCheck(lab, { rejoin, master }) {
  return {
    name: `${master.name} is a replica again`,
    holds: rejoin.different.length === 0,
    found: `${SLOT_COUNT / 2 - rejoin.different.length} of ${SLOT_COUNT / 2} slots the same on all three nodes`,
    why: `Different, for example: slot ${rejoin.different[0]}.`,
  };
}

async function logCheck({ api }, { id }) {
  const { intact } = await api.get(`/workflows/${id}/verify`);
  return {
    name: 'event log of the failover',
    holds: intact,
    found: intact ? 'complete, every hash fits' : 'damaged',
    why: `slotferry workflow show ${id} --events`,
  };
}

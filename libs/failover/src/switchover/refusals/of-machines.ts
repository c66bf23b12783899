import type { RouterView } from '@slotferry/cluster';
import { PikaError, type PikaNode } from '@slotferry/pika';
import type { SwitchoverInput } from '../../definitions';
import { lookAtCopies } from '../../slots/copies';
import { refsOf } from '../../slots/slot-lists';
import { judgeCopies, type LooseCode } from '../judge-copies';
import { PathProblem } from '../path-problem';
import { requireHealthyProxies, requireRoutedTo } from '../proxies';
import { type Stage, standingOf } from '../stage';
import { passing, type Refusal } from './refusal';

/** The machines: every proxy, both nodes, every slot. Nobody who does not answer is an error here: it is a refusal. */
export async function refusalsOfMachines(
  view: RouterView,
  stage: Stage,
  input: SwitchoverInput,
): Promise<Refusal[]> {
  const all = await Promise.all([
    refusalsOfProxies(view, stage, input),
    unlessAway(refusalsOfVersions(stage.from, stage.to)),
    unlessAway(refusalsOfCopies(view, stage)),
  ]);
  const refusals = all.flat();
  return refusals.filter(
    ({ code, message }, index) =>
      refusals.findIndex((one) => one.code === code && one.message === message) === index,
  );
}

async function refusalsOfProxies(
  view: RouterView,
  stage: Stage,
  { acceptLoss }: SwitchoverInput,
): Promise<Refusal[]> {
  const { router } = stage.cluster;
  const answer = await router.canHold();
  if (!answer.able) {
    if (acceptLoss) return [];
    return [
      passing(
        'proxies-cannot-hold',
        `not every proxy can be told to hold requests: ${answer.why}`,
        'Bring the proxies back, or remove dead ones from the dashboard. Where writes of the last moments may be lost: begin it with acceptLoss.',
      ),
    ];
  }
  try {
    requireHealthyProxies(view.proxies);
    await requireRoutedTo(router, view.proxies, standingOf(view, stage).slots, stage.from.address);
    return [];
  } catch (error) {
    if (!(error instanceof PathProblem)) throw error;
    return [
      passing(
        error.code,
        error.message,
        `Bring the proxies in step with the dashboard: resync group ${stage.group} there.`,
      ),
    ];
  }
}

async function refusalsOfVersions(from: PikaNode, to: PikaNode): Promise<Refusal[]> {
  const [old, next] = await Promise.all([from.info(), to.info()]);
  if (old.version.text === next.version.text) return [];
  return [
    passing(
      'versions-differ',
      `${to.address} runs Pika ${next.version.text}, ${from.address} runs ${old.version.text}`,
      'Bring both to the same version first: afterwards the old master has to follow the new one.',
    ),
  ];
}

const looseRemedies: Readonly<Record<LooseCode, string>> = {
  'replica-lacks-slot': 'Choose a replica that holds every slot of the group, or let this one be mended.',
  'master-lacks-slot': 'Find out where the data of this slot is before anything else.',
  'master-follows': 'The router sends clients to a node that takes no writes: mend that first.',
  'replica-detached': 'Let the replica be mended (slotferry heal), or choose another one.',
  'replica-elsewhere': 'Let the replica be mended (slotferry heal), or choose another one.',
  'replica-in-full-copy': 'Wait until the copy is whole, or choose another replica.',
  'replica-connecting': 'Wait until it follows; when it stays so, let it be mended (slotferry heal).',
  'replica-diverged': 'Let the replica be mended (slotferry heal), or choose another one.',
};

async function refusalsOfCopies(view: RouterView, stage: Stage): Promise<Refusal[]> {
  const { slots } = standingOf(view, stage);
  const refs = refsOf(slots);
  const [master, replica] = await Promise.all([
    lookAtCopies(stage.from, slots),
    lookAtCopies(stage.to, slots),
  ]);
  const { loose, empty } = judgeCopies(refs, master, replica);
  const codes = [...new Set(loose.map(({ code }) => code))];
  const refusals = codes.map((code) => {
    const [first, ...others] = loose.filter((one) => one.code === code);
    const more = others.length > 0 ? `, and so for ${others.length} slots more` : '';
    return passing(code, `${first?.message ?? code}${more}`, looseRemedies[code]);
  });
  const [hollow] = empty;
  if (!hollow) return refusals;
  return [
    ...refusals,
    passing(
      'replica-hollow',
      `${replica.address} says that it follows slot ${hollow.slot} and holds nothing of it, though ${master.address} does`,
      'It has only just begun, or its master cannot give it what it lacks: let it be mended (slotferry heal), or choose another one.',
    ),
  ];
}

/** A node that does not answer is a refusal with the driver's own words. */
async function unlessAway(looking: Promise<Refusal[]>): Promise<Refusal[]> {
  try {
    return await looking;
  } catch (error) {
    if (!(error instanceof PikaError)) throw error;
    const isAway = ['unreachable', 'timed-out', 'closed'].includes(error.code);
    return [
      passing(isAway ? 'node-unreachable' : error.code, `${error.node}: ${error.message}`, error.remedy),
    ];
  }
}

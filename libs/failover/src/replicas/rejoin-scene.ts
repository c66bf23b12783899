import type { RouterView, SlotRef } from '@slotferry/cluster';
import type { ClusterSource, OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import { done, type Outcome, type PhaseContext, wait } from '@slotferry/workflow';
import type { RejoinInput } from '../definitions';

export type RejoinContext = PhaseContext<RejoinInput>;

/** Who takes part in a rejoin, as the router has it in this moment. */
export interface RejoinScene {
  readonly cluster: OpenCluster;
  readonly view: RouterView;
  readonly group: number;
  readonly node: PikaNode;
  readonly master: PikaNode;
  /** What the group owns, without slots that are being handed over. */
  readonly slots: readonly SlotRef[];
}

/** Pause while the router promotes, in milliseconds. */
const promotingPollMs = 500;
const masterFact = 'master';
const stoodDownFact = 'stood down';

/**
 * Asks the router who takes part. Nothing is done where the rejoin has lost its reason: then the outcome says so, and all that
 * follows is skipped. What is still wrong is found anew, and another rejoin begins with a fresh look.
 */
export async function openScene(
  context: RejoinContext,
  clusters: ClusterSource,
): Promise<RejoinScene | Outcome> {
  const stoodDown = context.facts[stoodDownFact];
  if (stoodDown !== undefined) return done(stoodDown);
  const { group, node } = context.input;
  const cluster = await clusters.open(context.input.cluster);
  const view = await cluster.router.view();
  const known = view.groups.find(({ id }) => id === group);
  const master = known?.servers[0];
  if (!known || master === undefined || !known.servers.includes(node)) {
    return standDown(context, `${node} does not belong to group ${group} of the router`);
  }
  if (known.promoting) {
    return wait('group-promoting', `the router promotes a master of group ${group}`, promotingPollMs);
  }
  if (master === node) return standDown(context, `${node} is the master of group ${group}`);
  const before = context.facts[masterFact];
  if (typeof before === 'string' && before !== master) {
    return standDown(context, `the master of group ${group} was ${before} and is ${master} now`);
  }
  if (before === undefined) context.record({ [masterFact]: master });
  const slots = view.routes
    .filter((route) => route.group === group && route.handover === null)
    .map(({ table, slot }) => ({ table, slot }));
  return { cluster, view, group, node: cluster.node(node), master: cluster.node(master), slots };
}

export function isScene(found: RejoinScene | Outcome): found is RejoinScene {
  return !('kind' in found);
}

/** Ends the rejoin without doing more. */
function standDown(context: RejoinContext, message: string): Outcome {
  context.record({ [stoodDownFact]: message });
  return done(message);
}

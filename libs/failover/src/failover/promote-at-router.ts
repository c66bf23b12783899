import type { RouterView } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { type Outcome, wait } from '@slotferry/workflow';
import { clearHandovers } from './clear-handovers';
import { removeProxy } from './clear-proxies';
import { asJson, type FailoverContext } from './facts';
import { winnerOf } from './hold-election';
import { examineProxies } from './proxy-health';
import { viewOf } from './router-view';
import { timing } from './timing';

/** Each round removes what was in the way of the one before. */
const mostRounds = 5;

/** Lets the router send the group's clients to the winner. Null when it says that it does. */
export async function promoteAtRouter(
  context: FailoverContext,
  cluster: OpenCluster,
): Promise<Outcome | null> {
  for (let round = 1; round <= mostRounds; round += 1) {
    const refused = await promote(context, cluster, winnerOf(context));
    if (!refused) return null;
    const outcome = await clearTheWay(context, cluster, refused);
    if (outcome) return outcome;
  }
  return wait('promotion-refused', 'the router refuses the promotion again and again', timing.retry);
}

async function promote(
  context: FailoverContext,
  { router }: OpenCluster,
  server: string,
): Promise<CodisError | null> {
  const { group } = context.input;
  try {
    await context.command(
      {
        target: 'dashboard',
        action: `promote ${server} in group ${group}`,
        send: (gate) => router.promote(group, server, gate),
      },
      { facts: asJson({ promotionAsked: server }) },
    );
    return null;
  } catch (error) {
    if (!(error instanceof CodisError)) throw error;
    return error.code === 'already-master' ? null : error;
  }
}

/** Null when the promotion is to be tried again at once. What cannot be helped is thrown. */
async function clearTheWay(
  context: FailoverContext,
  cluster: OpenCluster,
  refused: CodisError,
): Promise<Outcome | null> {
  const view = await viewOf(cluster);
  switch (refused.code) {
    case 'proxy-failed':
      return removeFailed(context, cluster, view, refused);
    case 'migration-running':
      return clearHandovers(context, cluster, view);
    case 'promoting':
      return finishOther(context, cluster, view, refused);
    default:
      throw refused;
  }
}

/** The router has failed with it, so that it is enough that it does not answer here either. */
async function removeFailed(
  context: FailoverContext,
  cluster: OpenCluster,
  view: RouterView,
  refused: CodisError,
): Promise<Outcome | null> {
  const healths = await examineProxies(cluster.router, view.proxies);
  const bad = healths.filter(({ state }) => state !== 'alive');
  if (bad.length === 0) return wait('proxy-unhealthy', refused.message, timing.hotPoll);
  if (bad.length === healths.length) return wait('proxies-unreachable', refused.message, timing.retry);
  for (const { proxy, message } of bad) await removeProxy(context, cluster, proxy, message);
  return null;
}

/** A promotion that somebody else began, or this failover before its winner died, has to be brought to its end first. */
async function finishOther(
  context: FailoverContext,
  cluster: OpenCluster,
  view: RouterView,
  refused: CodisError,
): Promise<Outcome | null> {
  const index = Number(/promoting index = (\d+)/.exec(refused.said ?? '')?.[1] ?? Number.NaN);
  const server = view.groups.find(({ id }) => id === context.input.group)?.servers[index];
  if (server === undefined) return wait('group-promoting', refused.message, timing.retry);
  context.step('finished the promotion that was under way', { server });
  const error = await promote(context, cluster, server);
  if (error) throw error;
  return null;
}

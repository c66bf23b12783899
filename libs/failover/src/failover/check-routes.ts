import type { RouterView } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { type Outcome, wait } from '@slotferry/workflow';
import { type FailoverContext, requiredFact } from './facts';
import { winnerOf } from './hold-election';
import { askForRoutes, type ProxyAnswer } from '../slots/proxy-routes';
import { describeSlots } from '../slots/slot-lists';
import { readSlots } from '../slots/slots-fact';
import { timing } from './timing';

/**
 * Asks every proxy itself whether it sends all slots to the winner. Where one does not, the router sends the group's routes to all again. A proxy that
 * does not answer any more is not waited for: clients do not get through it, and the router brings it in order when it is back.
 * Null when all is well.
 */
export async function checkRoutes(
  context: FailoverContext,
  cluster: OpenCluster,
  view: RouterView,
): Promise<Outcome | null> {
  const slots = readSlots(requiredFact(context, 'slots'));
  const answers = await askForRoutes(cluster.router, view.proxies, slots, timing.proxyRoutes);
  const silent = answers.flatMap(({ silence }) => silence ?? []);
  if (silent.length > 0) context.step('could not check the routes of proxies', silent);
  const wrong = answers.flatMap((answer) => problemOf(answer, winnerOf(context)) ?? []);
  if (wrong.length === 0) return null;
  const { group } = context.input;
  await context.command({
    target: 'dashboard',
    action: `send the routes of group ${group} to the proxies again`,
    send: (gate) => cluster.router.resyncGroup(group, gate),
  });
  return wait('proxy-route-differs', wrong.join('; '), timing.hotPoll);
}

/** Null where it is right, as far as anybody knows. */
function problemOf({ proxy, routes }: ProxyAnswer, winner: string): string | null {
  const wrong = routes.filter(({ backend, locked }) => backend !== winner || locked);
  return wrong.length === 0
    ? null
    : `proxy ${proxy.admin} does not send ${describeSlots(wrong)} to ${winner}`;
}

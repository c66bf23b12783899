import type { RouterProxy, RouterView } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { type Outcome, wait } from '@slotferry/workflow';
import { type FailoverContext, requiredFact } from './facts';
import { winnerOf } from './hold-election';
import { describeSlots, readSlots } from './slots';
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
  const checks = await Promise.all(view.proxies.map((proxy) => check(context, cluster, proxy)));
  const silent = checks.flatMap((one) => (one.kind === 'silent' ? [one.message] : []));
  if (silent.length > 0) context.step('could not check the routes of proxies', silent);
  const wrong = checks.flatMap((one) => (one.kind === 'wrong' ? [one.message] : []));
  if (wrong.length === 0) return null;
  const { group } = context.input;
  await context.command({
    target: 'dashboard',
    action: `send the routes of group ${group} to the proxies again`,
    send: (gate) => cluster.router.resyncGroup(group, gate),
  });
  return wait('proxy-route-differs', wrong.join('; '), timing.hotPoll);
}

type Check = { readonly kind: 'right' } | { readonly kind: 'wrong' | 'silent'; readonly message: string };

async function check(context: FailoverContext, cluster: OpenCluster, proxy: RouterProxy): Promise<Check> {
  const slots = readSlots(requiredFact(context, 'slots'));
  const winner = winnerOf(context);
  const asked = withTimeout(cluster.router.proxyRoutes(proxy, slots), timing.proxyRoutes, proxy.admin);
  const routes = await asked.catch((error: unknown) => {
    if (error instanceof CodisError || error instanceof TimeLimitError) return error.message;
    throw error;
  });
  if (typeof routes === 'string') return { kind: 'silent', message: routes };
  const wrong = routes.filter(({ backend, locked }) => backend !== winner || locked);
  if (wrong.length === 0) return { kind: 'right' };
  return {
    kind: 'wrong',
    message: `proxy ${proxy.admin} does not send ${describeSlots(wrong)} to ${winner}`,
  };
}

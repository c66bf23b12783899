import type { RouterProxy } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { withTimeout } from '@slotferry/platform';
import { fact, type FailoverContext, keep, type RemovedProxy } from './facts';
import { viewOf } from './router-view';
import { timing } from './timing';

/** Registers those of the removed proxies again that answer. Returns those that are still away. */
export async function returnProxies(
  context: FailoverContext,
  cluster: OpenCluster,
): Promise<readonly RemovedProxy[]> {
  const removed = fact(context, 'removedProxies') ?? [];
  if (removed.length === 0) return [];
  const { proxies } = await viewOf(cluster);
  const away: RemovedProxy[] = [];
  for (const one of removed) {
    const isBack = proxies.some(({ admin }) => admin === one.admin) || (await putBack(context, cluster, one));
    if (!isBack) away.push(one);
  }
  if (away.length < removed.length) keep(context, { removedProxies: away });
  return away;
}

/** Registering sends it all slots and starts it. */
async function putBack(
  context: FailoverContext,
  { router }: OpenCluster,
  { token, admin }: RemovedProxy,
): Promise<boolean> {
  const proxy: RouterProxy = { token, admin, address: '', problem: null };
  try {
    await withTimeout(router.pingProxy(proxy), timing.proxyPing, `the proxy ${admin}`);
  } catch {
    return false; // That it is away is what was recorded; nothing else is to be learned from how.
  }
  try {
    await context.command({
      target: 'dashboard',
      action: `add proxy ${admin}, which answers again`,
      send: (gate) => router.addProxy(admin, gate),
    });
    return true;
  } catch (error) {
    if (!(error instanceof CodisError)) throw error;
    return error.code === 'proxy-exists';
  }
}

import type { RouterProxy, RouterView } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { type Outcome, wait } from '@slotferry/workflow';
import { fact, type FailoverContext, keep } from './facts';
import { examineProxies } from './proxy-health';
import { redirectProxies } from './redirect';
import { timing } from './timing';

/**
 * A proxy changes a slot's master only when nothing of the slot is under way any more, and what is under way to a master that hangs waits for the
 * proxy's limit. The router's promotion holds the slots at all proxies until the last one is through. So here every proxy is told by itself first:
 * those that wait for nothing serve their clients at once, the others as soon as they can; and the router promotes when all are through.
 * What ends it sooner is to end the process that hangs, or its machine's connections.
 *
 * Null when it is done, or is not needed because the master refuses connections: then nothing waits for it.
 */
export async function drainProxies(
  context: FailoverContext,
  cluster: OpenCluster,
  { proxies }: RouterView,
): Promise<Outcome | null> {
  if (fact(context, 'masterSilent') !== true) return null;
  const since = fact(context, 'drainingSince') ?? context.now();
  if (context.now() - since > timing.drainLimit) return null;
  keep(context, { drainingSince: since });
  const healths = await examineProxies(cluster.router, proxies);
  const alive = healths.flatMap(({ state, proxy }): RouterProxy[] => (state === 'alive' ? [proxy] : []));
  const failures = await redirectProxies(context, cluster, alive);
  if (failures.length === 0) return null;
  const message = `other clients are served; proxies wait for requests under way to the master that hangs: ${failures.join('; ')}`;
  return wait('requests-under-way', message, timing.retry);
}

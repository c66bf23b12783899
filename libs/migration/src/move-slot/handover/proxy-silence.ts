import type { Router, RouterProxy, SlotRef } from '@slotferry/cluster';
import { withTimeout } from '@slotferry/platform';
import { PathProblem } from '../path-problem';

const limitMs = 200;

/** What to say when proxies did not answer in time: names those that do not answer now either. */
export async function silentProxies(
  router: Router,
  proxies: readonly RouterProxy[],
  slot: SlotRef,
): Promise<PathProblem> {
  const silent = await Promise.all(
    proxies.map((proxy) =>
      withTimeout(router.proxyRoutes(proxy, [slot]), limitMs, proxy.admin).then(
        () => [],
        () => [proxy.admin],
      ),
    ),
  );
  const names = silent.flat().map((admin) => `proxy ${admin}`);
  return new PathProblem(
    'proxy-unhealthy',
    `${names.join(', ') || 'a proxy'} does not answer, and may hold the requests of slot ${slot.slot}`,
  );
}

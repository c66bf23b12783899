import type { ProxyRoute, Router, RouterProxy, SlotRef } from '@slotferry/cluster';
import { SlotferryError, withTimeout } from '@slotferry/platform';

/** What one proxy does with slots in this moment, or why it could not be asked. */
export interface ProxyAnswer {
  readonly proxy: RouterProxy;
  readonly routes: readonly ProxyRoute[];
  /** Null when it answered. */
  readonly silence: string | null;
}

/** Asks every proxy itself, all at once, each for `limitMs` milliseconds at most. */
export function askForRoutes(
  router: Pick<Router, 'proxyRoutes'>,
  proxies: readonly RouterProxy[],
  slots: readonly SlotRef[],
  limitMs: number,
): Promise<ProxyAnswer[]> {
  const ask = async (proxy: RouterProxy): Promise<ProxyAnswer> => {
    try {
      const asked = router.proxyRoutes(proxy, slots);
      return { proxy, routes: await withTimeout(asked, limitMs, `the proxy ${proxy.admin}`), silence: null };
    } catch (error) {
      if (error instanceof SlotferryError) return { proxy, routes: [], silence: error.message };
      throw error;
    }
  };
  return Promise.all(proxies.map(ask));
}

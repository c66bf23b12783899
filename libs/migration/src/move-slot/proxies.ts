import type { ProxyRoute, Router, RouterProxy, SlotRef } from '@slotferry/cluster';
import { PathProblem } from './path-problem';

/** Asks every proxy itself what it does with the slot. Throws a PathProblem naming the first one that is down, hangs or is sick. */
export async function routesAtProxies(
  router: Router,
  proxies: readonly RouterProxy[],
  slot: SlotRef,
  maxAgeMs = 0,
): Promise<{ readonly proxy: RouterProxy; readonly route: ProxyRoute }[]> {
  return Promise.all(
    proxies.map(async (proxy) => {
      const [route] = await router.proxyRoutes(proxy, [slot], maxAgeMs).catch((error: unknown) => {
        throw new PathProblem('proxy-unhealthy', `${name(proxy)} cannot be asked: ${text(error)}`);
      });
      if (!route) throw new PathProblem('proxy-unhealthy', `${name(proxy)} does not know slot ${slot.slot}`);
      return { proxy, route };
    }),
  );
}

/**
 * Throws a PathProblem unless every proxy sends the slot to `backend` and holds nothing.
 * @param maxAgeMs looks at the proxies that began no longer ago are good enough
 */
export async function requireRouteAtProxies(
  router: Router,
  proxies: readonly RouterProxy[],
  slot: SlotRef,
  backend: string,
  maxAgeMs = 0,
): Promise<void> {
  for (const { proxy, route } of await routesAtProxies(router, proxies, slot, maxAgeMs)) {
    if (route.locked)
      throw new PathProblem('proxy-holds', `${name(proxy)} holds the requests of slot ${slot.slot}`);
    if (route.migrateFrom) {
      throw new PathProblem(
        'proxy-holds',
        `${name(proxy)} still hands slot ${slot.slot} over from ${route.migrateFrom}`,
      );
    }
    if (route.backend !== backend) {
      throw new PathProblem(
        'proxy-route-differs',
        `${name(proxy)} sends slot ${slot.slot} to ${route.backend ?? 'nobody'}, not to ${backend}`,
      );
    }
  }
}

/** Throws a PathProblem unless every proxy still holds the slot. */
export async function requireHeldAtProxies(
  router: Router,
  proxies: readonly RouterProxy[],
  slot: SlotRef,
): Promise<void> {
  for (const { proxy, route } of await routesAtProxies(router, proxies, slot)) {
    if (!route.locked) {
      throw new PathProblem(
        'hold-lost',
        `${name(proxy)} holds slot ${slot.slot} no more: somebody else sent it a route`,
      );
    }
  }
}

/** Throws a PathProblem when the router itself had trouble with a proxy at its last look. */
export function requireHealthyProxies(proxies: readonly RouterProxy[]): void {
  for (const proxy of proxies) {
    if (proxy.problem) throw new PathProblem('proxy-unhealthy', `${name(proxy)}: ${proxy.problem}`);
  }
}

function name(proxy: RouterProxy): string {
  return `proxy ${proxy.admin}`;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

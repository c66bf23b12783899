import type { Router, RouterProxy, SlotRef } from '@slotferry/cluster';
import { withTimeout } from '@slotferry/platform';
import { PathProblem } from '../path-problem';

/** Limit for one proxy's answer, in milliseconds. */
const limitMs = 200;

export interface Holders {
  /** True when a proxy that answers holds the slot. */
  readonly held: boolean;
  /** Admin addresses of those that do not answer. */
  readonly silent: readonly string[];
}

/** Asks every proxy whether it holds the slot. */
export async function findHolders(
  router: Router,
  proxies: readonly RouterProxy[],
  slot: SlotRef,
): Promise<Holders> {
  const answers = await Promise.all(
    proxies.map((proxy) =>
      withTimeout(router.proxyRoutes(proxy, [slot]), limitMs, proxy.admin).then(
        ([route]) => ({ silent: [], held: route?.locked === true }),
        () => ({ silent: [proxy.admin], held: false }),
      ),
    ),
  );
  return { held: answers.some(({ held }) => held), silent: answers.flatMap(({ silent }) => silent) };
}

/** What to say of proxies that could not be told to end a hold. */
export function unreleasedProxies(silent: readonly string[], { slot }: SlotRef): PathProblem {
  const names = silent.map((admin) => `proxy ${admin}`).join(', ') || 'a proxy';
  return new PathProblem(
    'proxy-unhealthy',
    `${names} does not answer, and may hold the requests of slot ${slot}`,
  );
}

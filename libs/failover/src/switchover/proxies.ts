import type { Router, RouterProxy, TableSlots } from '@slotferry/cluster';
import { askForRoutes, type ProxyAnswer } from '../slots/proxy-routes';
import { refsOf } from '../slots/slot-lists';
import { PathProblem } from './path-problem';
import { timing } from './timing';

/** Throws a PathProblem when the router itself had trouble with a proxy at its last look. */
export function requireHealthyProxies(proxies: readonly RouterProxy[]): void {
  for (const proxy of proxies) {
    if (proxy.problem) throw new PathProblem('proxy-unhealthy', `${name(proxy)}: ${proxy.problem}`);
  }
}

/** Throws a PathProblem unless every proxy sends all slots to `backend` and holds none. */
export async function requireRoutedTo(
  router: Router,
  proxies: readonly RouterProxy[],
  slots: readonly TableSlots[],
  backend: string,
): Promise<void> {
  for (const { proxy, routes } of await routesAtProxies(router, proxies, slots)) {
    for (const { slot, locked, migrateFrom, backend: present } of routes) {
      if (locked) throw new PathProblem('proxy-holds', `${name(proxy)} holds the requests of slot ${slot}`);
      if (migrateFrom) {
        throw new PathProblem(
          'proxy-holds',
          `${name(proxy)} hands slot ${slot} over from ${migrateFrom} at this moment`,
        );
      }
      if (present !== backend) {
        throw new PathProblem(
          'proxy-route-differs',
          `${name(proxy)} sends slot ${slot} to ${present ?? 'nobody'}, not to ${backend}`,
        );
      }
    }
  }
}

/** Throws a PathProblem unless every proxy still holds all slots. */
export async function requireHeld(
  router: Router,
  proxies: readonly RouterProxy[],
  slots: readonly TableSlots[],
): Promise<void> {
  for (const { proxy, routes } of await routesAtProxies(router, proxies, slots)) {
    const free = routes.find(({ locked }) => !locked);
    if (!free) continue;
    throw new PathProblem(
      'hold-lost',
      `${name(proxy)} does not hold slot ${free.slot} any more: somebody else sent it a route`,
    );
  }
}

/** Who holds slots, and who cannot be asked. */
export interface Holders {
  /** True when a proxy that answers holds one of the slots. */
  readonly held: boolean;
  /** True when a proxy that answers lets requests of one of the slots through. */
  readonly free: boolean;
  /** Admin addresses of those that do not answer. */
  readonly silent: readonly string[];
}

/** Asks every proxy whether it holds any of the slots; waits for none of them longer than a hold can bear. */
export async function findHolders(
  router: Router,
  proxies: readonly RouterProxy[],
  slots: readonly TableSlots[],
): Promise<Holders> {
  const refs = refsOf(slots);
  const answers = await askForRoutes(router, proxies, refs, timing.heldLook);
  const routes = answers.flatMap((answer) => answer.routes);
  return {
    held: routes.some(({ locked }) => locked),
    free: routes.some(({ locked }) => !locked),
    silent: answers.flatMap(({ proxy, silence }) => (silence === null ? [] : [proxy.admin])),
  };
}

/** What to say of proxies that could not be told to end a hold. */
export function unreleasedProxies(silent: readonly string[]): PathProblem {
  const names = silent.map((admin) => `proxy ${admin}`).join(', ') || 'a proxy';
  return new PathProblem('proxy-unhealthy', `${names} does not answer, and may hold requests of the group`);
}

async function routesAtProxies(
  router: Router,
  proxies: readonly RouterProxy[],
  slots: readonly TableSlots[],
): Promise<ProxyAnswer[]> {
  const answers = await askForRoutes(router, proxies, refsOf(slots), timing.proxyLimit);
  const mute = answers.find(({ silence }) => silence !== null);
  if (!mute) return answers;
  throw new PathProblem('proxy-unhealthy', `${name(mute.proxy)} cannot be asked: ${mute.silence ?? ''}`);
}

function name({ admin }: RouterProxy): string {
  return `proxy ${admin}`;
}

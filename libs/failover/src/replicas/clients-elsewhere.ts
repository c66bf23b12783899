import { CodisError } from '@slotferry/codis';
import type { RouterProxy } from '@slotferry/cluster';
import { type Outcome, wait } from '@slotferry/workflow';
import { describeSlots } from '../slots/slot-lists';
import type { RejoinScene } from './rejoin-scene';

const pollMs = 1_000;

/**
 * Waits until no proxy sends clients of the group to the node: what they still wrote there would be lost by what follows.
 * Null when that is so. A proxy that nobody can connect to, by the router's word and ours, serves nobody.
 */
export async function clientsElsewhere({ cluster, view, node, slots }: RejoinScene): Promise<Outcome | null> {
  for (const proxy of view.proxies) {
    const routes = await routesOf(() => cluster.router.proxyRoutes(proxy, slots), proxy);
    const stale = routes.filter(
      ({ backend, migrateFrom }) => backend === node.address || migrateFrom === node.address,
    );
    if (stale.length === 0) continue;
    return wait(
      'proxy-routes-stale',
      `the proxy ${proxy.admin} still sends clients to ${node.address}: ${describeSlots(stale)}`,
      pollMs,
    );
  }
  return null;
}

async function routesOf<T>(ask: () => Promise<T[]>, proxy: RouterProxy): Promise<T[]> {
  try {
    return await ask();
  } catch (error) {
    const isGone = error instanceof CodisError && error.code === 'proxy-unreachable';
    if (isGone && proxy.problem !== null) return [];
    throw error;
  }
}

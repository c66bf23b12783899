import type { OpenCluster } from '@slotferry/inventory';
import { type Outcome, wait } from '@slotferry/workflow';
import { movesOf, type RebalanceContext } from './rebalance-phase';

/**
 * Groups that were assigned to are marked as out of step with the proxies until their routes are sent again: sends those of the
 * rebalance. Null when that is done.
 */
export async function tidyRouter(
  context: RebalanceContext,
  { router }: OpenCluster,
): Promise<Outcome | null> {
  const view = await router.view();
  const touched = new Set(movesOf(context).flatMap(({ from, to }) => [from, to]));
  const stale = view.groups.filter(({ id, outOfSync }) => outOfSync && touched.has(id));
  // Sending a group's routes releases every request that is held for one of its slots.
  if (stale.length > 0 && view.routes.some(({ handover }) => handover))
    return wait('handover-under-way', 'the router is handing over another slot', 500);
  for (const { id } of stale) {
    await context.command({
      target: `${router.kind} ${router.address}`,
      action: `resync group ${id}`,
      send: (gate) => router.resyncGroup(id, gate),
    });
  }
  return null;
}

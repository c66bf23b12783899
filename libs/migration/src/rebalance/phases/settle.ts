import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome, wait } from '@slotferry/workflow';
import { movesOf, type RebalanceContext, RebalancePhase } from '../rebalance-phase';

/** Leaves the router tidy: groups that were assigned to are marked as out of step with the proxies until their routes are sent again. */
export class RebalanceSettle extends RebalancePhase {
  readonly name = 'settle';

  protected async work(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    const { router } = cluster;
    const view = await router.view();
    // Sending a group's routes releases every request that is held for one of its slots.
    if (view.routes.some(({ handover }) => handover))
      return wait('handover-under-way', 'the router is handing over another slot', 500);
    const groups = new Set(movesOf(context).flatMap(({ from, to }) => [from, to]));
    for (const { id, outOfSync } of view.groups) {
      if (!outOfSync || !groups.has(id)) continue;
      await context.command({
        target: `${router.kind} ${router.address}`,
        action: `resync group ${id}`,
        send: (gate) => router.resyncGroup(id, gate),
      });
    }
    return done();
  }

  protected takeBack(): Promise<Outcome> {
    return Promise.resolve(done());
  }
}

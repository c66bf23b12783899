import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome } from '@slotferry/workflow';
import { type RebalanceContext, RebalancePhase } from '../rebalance-phase';
import { tidyRouter } from '../tidy-router';
import { removeUnused } from '../made-slots';

/** Leaves everything tidy: the router in step with its proxies, and no copy of a slot whose move was left out. */
export class RebalanceSettle extends RebalancePhase {
  readonly name = 'settle';

  protected async work(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    return (await tidyRouter(context, cluster)) ?? (await removeUnused(context, cluster)) ?? done();
  }

  protected takeBack(): Promise<Outcome> {
    return Promise.resolve(done());
  }
}

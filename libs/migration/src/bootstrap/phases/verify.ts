import { compareWithRouter, describeDifference } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { type BootstrapContext, BootstrapPhase } from '../bootstrap-phase';
import { movedSlots } from '../nodes';

/** Compares once more what is with what was asked for. */
export class BootstrapVerify extends BootstrapPhase {
  readonly name = 'verify';

  protected async work(_context: BootstrapContext, cluster: OpenCluster): Promise<Outcome> {
    const view = await cluster.router.view();
    const left = compareWithRouter(cluster.definition, view).filter(
      ({ kind }) => kind !== 'slot-in-other-group',
    );
    if (left[0]) {
      return block(
        'router-differs',
        describeDifference(left[0]),
        'See why the router did not take it, then retry.',
      );
    }
    return done({ ownedByOthers: movedSlots(cluster, view) });
  }
}

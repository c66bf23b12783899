import { type Outcome, wait } from '@slotferry/workflow';
import type { Cast, MoveContext } from '../cast';
import { waitFor } from '../path-problem';
import { requireHealthyProxies, requireRouteAtProxies } from '../proxies';
import { lookAtReadiness } from '../readiness';

/**
 * The whole path, looked at afresh: a slot never goes into a hold unless everything it meets is healthy and hardly anything is
 * missing at the target. Null when it may.
 */
export async function clearPath(context: MoveContext, cast: Cast): Promise<Outcome | null> {
  const { cluster, ref, sourceMaster } = cast;
  const { lagThresholdBytes } = cluster.definition.migration;
  const [view, readiness] = await Promise.all([cluster.router.view(), lookAtReadiness(cast, context.now())]);
  if (readiness.kind === 'broken') return wait('attaching', readiness.message, 200);
  if (Math.max(readiness.targetLag, readiness.replicaLag) > lagThresholdBytes) {
    return wait('catching-up', `${readiness.targetLag} bytes of binlog are missing at the target`, 200);
  }
  try {
    requireHealthyProxies(view.proxies);
    await requireRouteAtProxies(cluster.router, view.proxies, ref, sourceMaster.address);
    return null;
  } catch (error) {
    return waitFor(error, 1_000);
  }
}

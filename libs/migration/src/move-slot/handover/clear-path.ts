import type { RouterView } from '@slotferry/cluster';
import { type Outcome, wait } from '@slotferry/workflow';
import { awaitsFullCopy } from '../../attachment/drive-attachment';
import type { Cast, MoveContext } from '../cast';
import { chainOf, repairAttachments } from '../drive-cast';
import { waitFor } from '../path-problem';
import { requireHealthyProxies, requireRouteAtProxies } from '../proxies';
import { lookAtReadiness } from '../readiness';
import type { Ledger } from './ledger';
import { timing } from './timing';

/** What the router showed when the whole path was found clear, or what stands in the way. */
export type Path = { readonly view: RouterView } | { readonly obstacle: Outcome };

/**
 * The whole path: a slot never goes into a hold unless everything it meets is healthy and hardly anything is missing at the target.
 * Attachments are looked at afresh, and repaired where they came off.
 */
export async function clearPath(context: MoveContext, cast: Cast, ledger: Ledger): Promise<Path> {
  const obstacle = isPlain(context, cast, ledger) ? null : await repairAttachments(context, cast);
  if (obstacle) return { obstacle };
  const [view, readiness] = await Promise.all([
    cast.cluster.router.view(timing.sharedLook),
    lookAtReadiness(cast, context.now()),
  ]);
  const { lagThresholdBytes } = cast.cluster.definition.migration;
  if (readiness.kind === 'broken') {
    const repair = await repairAttachments(context, cast);
    return { obstacle: repair ?? wait('attaching', readiness.message, 200) };
  }
  if (Math.max(readiness.targetLag, readiness.replicaLag) > lagThresholdBytes) {
    const message = `${readiness.targetLag} bytes of binlog are missing at the target`;
    return { obstacle: wait('catching-up', message, 200) };
  }
  return lookAtProxies(cast, view);
}

async function lookAtProxies(cast: Cast, view: RouterView): Promise<Path> {
  try {
    await requireSourceAtProxies(cast, view, timing.sharedLook);
    return { view };
  } catch {
    // What is in the way is told by a look of its own.
    const now = await cast.cluster.router.view();
    return requireSourceAtProxies(cast, now, 0).then(
      () => ({ view: now }),
      (error: unknown) => ({ obstacle: waitFor(error, 1_000) }),
    );
  }
}

/** Throws a PathProblem unless all proxies are healthy and send the slot to its source. */
async function requireSourceAtProxies(
  { cluster, ref, sourceMaster }: Cast,
  { proxies }: RouterView,
  maxAgeMs: number,
): Promise<void> {
  requireHealthyProxies(proxies);
  await requireRouteAtProxies(cluster.router, proxies, ref, sourceMaster.address, maxAgeMs);
}

/** Nobody was replaced, nothing is copied anew, and no hold was in vain: one look then tells all about the attachments. */
function isPlain(context: MoveContext, cast: Cast, { takenBack }: Ledger): boolean {
  const { slot, mayBeFollowed, targetMaster, targetReplicas } = cast;
  if (takenBack > 0 || mayBeFollowed.length > 0) return false;
  return [targetMaster, ...targetReplicas].every(
    ({ address }) => !awaitsFullCopy(context, address, slot, chainOf(cast)),
  );
}

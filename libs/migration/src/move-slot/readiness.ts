import { isPositionZero, judgeAttachment } from '@slotferry/cluster';
import type { Cast } from './cast';

/** Lags along the way of the slot, in bytes; or why there is none. */
export type Readiness =
  | { readonly kind: 'following'; readonly targetLag: number; readonly replicaLag: number }
  | { readonly kind: 'broken'; readonly who: 'target' | 'replica'; readonly message: string };

/** One look at all attachments of the move together. */
export async function lookAtReadiness(cast: Cast, now: number): Promise<Readiness> {
  const { sourceMaster, targetMaster, targetReplicas, slot, table } = cast;
  const [atSource, atTarget, ...atReplicas] = await Promise.all(
    [sourceMaster, targetMaster, ...targetReplicas].map((node) => node.slot(slot, table)),
  );
  const target = judgeAttachment(
    { address: targetMaster.address, info: atTarget ?? null },
    { address: sourceMaster.address, info: atSource ?? null },
    null,
    now,
  );
  if (target.kind !== 'following') {
    return {
      kind: 'broken',
      who: 'target',
      message: `${targetMaster.address} does not follow ${sourceMaster.address}: ${target.kind}`,
    };
  }
  // Connected proves nothing: a hollow target has got nothing, whatever the lag says.
  if (!target.met && atTarget && isPositionZero(atTarget.position)) {
    return {
      kind: 'broken',
      who: 'target',
      message: `${targetMaster.address} has got nothing yet from ${sourceMaster.address}`,
    };
  }
  const lags = targetReplicas.map((replica, index) => {
    const info = atReplicas[index] ?? null;
    const replicaOf = { address: targetMaster.address, info: atTarget ?? null };
    const attachment = judgeAttachment({ address: replica.address, info }, replicaOf, null, now);
    if (attachment.kind !== 'following')
      return `${replica.address} does not follow ${targetMaster.address}: ${attachment.kind}`;
    // An empty replica of a master that holds something is hollow or has only begun, whatever the lag says.
    const begun = attachment.met || (info && !isPositionZero(info.position));
    return begun ? attachment.lag : `${replica.address} has got nothing yet from ${targetMaster.address}`;
  });
  const broken = lags.find((lag) => typeof lag === 'string');
  if (typeof broken === 'string') return { kind: 'broken', who: 'replica', message: broken };
  return {
    kind: 'following',
    targetLag: target.lag,
    replicaLag: Math.max(0, ...lags.filter((lag) => typeof lag === 'number')),
  };
}

import {
  type BinlogPosition,
  comparePositions,
  formatPosition,
  parsePosition,
  positionsEqual,
} from '@slotferry/cluster';
import type { Outcome } from '@slotferry/workflow';
import { block } from '../outcomes';
import type { Cast, MoveContext } from './cast';

/** An operator's word that a source which moved after the drain may be given up. */
const leakApproval = 'source-moved';
/** An operator's word that a target which was replaced after the handover holds all it must. */
const replacedApproval = 'target-replaced';

/**
 * A source whose position moved after the drain took a write that the target never got. Null when it stands still. One that took
 * over after the drain may lack its end, but must not stand beyond it.
 */
export async function sourceMoved(context: MoveContext, cast: Cast): Promise<Outcome | null> {
  const drained = drainedPosition(context);
  if (!drained || context.approved(leakApproval)) return null;
  for (const node of [cast.sourceMaster, ...cast.sourceReplicas]) {
    const isDrained = node.address === cast.drainedFrom;
    if (!isDrained && node !== cast.sourceMaster) continue;
    const info = await node.slot(cast.slot, cast.table);
    if (!info || (isDrained && positionsEqual(info.position, drained))) continue;
    if (!isDrained && comparePositions(info.position, drained) <= 0) continue;
    const stands = formatPosition(info.position);
    return block(
      leakApproval,
      `${node.address} took writes of slot ${cast.slot} after it was drained: it stands at ${stands}, drained at ${formatPosition(drained)}. They are not at ${cast.targetMaster.address}`,
      `The source's copy is kept. Bring those writes over from it, then: slotferry workflow approve <id> --code ${leakApproval}`,
    );
  }
  return null;
}

/**
 * The master that took the slot over was replaced since. Unless its successor is known to have held all that was drained, the
 * source's copy may be the only one of the last writes before the handover: it is kept until somebody has looked.
 */
export function targetReplaced(context: MoveContext, cast: Cast): Outcome | null {
  const { targetMaster, handedTo, sourceMaster, slot } = cast;
  if (targetMaster.address === handedTo || context.approved(replacedApproval)) return null;
  const { level } = context.facts;
  if (Array.isArray(level) && level.includes(targetMaster.address)) return null;
  return block(
    replacedApproval,
    `${handedTo}, which took slot ${slot} over, was replaced by ${targetMaster.address} before that was seen to hold all of it. The copy at ${sourceMaster.address} may hold writes that are nowhere else`,
    `The source's copy is kept. Compare it with ${targetMaster.address}; when nothing is missing: slotferry workflow approve <id> --code ${replacedApproval}`,
  );
}

/** Replicas of the target that are seen to hold all that was drained. */
export async function levelReplicas(context: MoveContext, cast: Cast): Promise<string[]> {
  const drained = drainedPosition(context);
  if (!drained) return [];
  const infos = await Promise.all(cast.targetReplicas.map((node) => node.slot(cast.slot, cast.table)));
  return cast.targetReplicas.flatMap(({ address }, index) => {
    const info = infos[index];
    const follows = info?.following?.master === cast.targetMaster.address;
    return info && follows && comparePositions(info.position, drained) >= 0 ? [address] : [];
  });
}

function drainedPosition(context: MoveContext): BinlogPosition | null {
  const { drained } = context.facts;
  return typeof drained === 'string' ? parsePosition(drained) : null;
}

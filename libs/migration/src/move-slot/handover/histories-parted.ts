import { type BinlogPosition, comparePositions, formatPosition } from '@slotferry/cluster';
import type { Outcome } from '@slotferry/workflow';
import { block } from '../../outcomes';
import type { Cast } from '../cast';

/**
 * A target that was detached at the drained position, and is to be attached again, must not have taken a write of its own. Null when it
 * has not.
 */
export async function historiesParted(
  { sourceMaster, targetMaster, slot, table }: Cast,
  drained: BinlogPosition,
): Promise<Outcome | null> {
  const target = await targetMaster.slot(slot, table);
  const isAlone = target !== null && target.following?.master !== sourceMaster.address;
  if (!isAlone || comparePositions(target.position, drained) <= 0) return null;
  return block(
    'histories-parted',
    `${targetMaster.address} has taken writes of slot ${slot} since it was detached at ${formatPosition(drained)}, and the router sends clients to ${sourceMaster.address}`,
    'Both copies hold writes the other lacks. Decide which one counts before anything else.',
  );
}

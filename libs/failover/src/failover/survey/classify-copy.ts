import { type BinlogPosition, type CopyState, isPositionZero } from '@slotferry/cluster';
import type { SlotInfo } from '@slotferry/pika';

/** What is known of one slot besides what its node says now. */
export interface CopyPast {
  readonly master: string;
  /** All servers of the group by the router: their copies are of one history. */
  readonly servers: readonly string[];
  /** Whom the slot was last seen connected to, or null when never. */
  readonly followed: string | null;
  /** The last position seen of the dead master's copy, or null. */
  readonly masterPosition: BinlogPosition | null;
  /** This failover itself detached it. */
  readonly detachedByUs: boolean;
}

/** How a copy stood to the dead master. `kConnected` alone proves nothing, and a dead master is noticed by its slaves after 20 s only. */
export function classifyCopy(info: SlotInfo | null, past: CopyPast): CopyState {
  if (!info) return 'missing';
  const { following, position } = info;
  if (!following)
    return past.detachedByUs || past.followed === past.master ? wholeOrHollow(position, past) : 'stranger';
  if (following.status === 'kTryDBSync' || following.status === 'kWaitDBSync') return 'full-copy';
  if (!past.servers.includes(following.master) && following.master !== past.master) return 'stranger';
  if (following.status === 'kError') return 'broken';
  const isConnected = following.status === null || following.status === 'kConnected';
  // Its master is gone, so it may be connecting anew: what counts is that it was connected before.
  if (!isConnected && past.followed !== following.master && past.followed !== past.master) return 'broken';
  return wholeOrHollow(position, past);
}

/** A copy that never got anything of what its master had. */
function wholeOrHollow(position: BinlogPosition, { masterPosition }: CopyPast): CopyState {
  const isHollow = isPositionZero(position) && masterPosition !== null && !isPositionZero(masterPosition);
  return isHollow ? 'hollow' : 'following';
}

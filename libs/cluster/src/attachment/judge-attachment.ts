import { type BinlogPosition, comparePositions, isPositionZero, positionsEqual } from '../binlog-position';

/** What one look at a slot of a node tells, as far as attachments go. */
export interface SlotLook {
  readonly position: BinlogPosition;
  /** Who is listed as its slave; `lag` in bytes, null while it is not told. */
  readonly slaves: readonly {
    readonly address: string;
    readonly status: string;
    readonly lag: number | null;
  }[];
  /** The master it follows, or null. `status` is null where the version does not tell (3.2.9). */
  readonly following: { readonly master: string; readonly status: string | null } | null;
}

/** Taken when the follower was first seen attached: what it must reach to be called ready. */
export interface AttachmentMark {
  /** The master's position then. */
  readonly master: BinlogPosition;
  /** The follower's position then. */
  readonly follower: BinlogPosition;
  /** Wall clock milliseconds. */
  readonly at: number;
}

/** How far one slot of a follower is with its master. */
export type Attachment =
  /** The follower, or the master, does not hold the slot. */
  | { readonly kind: 'follower-lacks-slot' }
  | { readonly kind: 'master-lacks-slot' }
  /** The follower's copy is a master of its own. */
  | { readonly kind: 'detached'; readonly position: BinlogPosition; readonly stillListed: boolean }
  /** It follows another node. */
  | { readonly kind: 'elsewhere'; readonly master: string }
  /** On its way, or copying. */
  | { readonly kind: 'connecting'; readonly status: string }
  /** The follower is ahead of its master: Pika gives up. Only a full copy cures it. */
  | { readonly kind: 'diverged' }
  /**
   * Says it is connected, and gets nothing: its master has no binlog from before its own full copy. `empty`: it holds nothing
   * either, so nothing can be lost with it.
   */
  | { readonly kind: 'hollow'; readonly empty: boolean }
  /** Follows. `met`: it holds all that the master had when it was first seen attached. */
  | { readonly kind: 'following'; readonly lag: number; readonly met: boolean };

/** An empty follower whose position has not moved for so long, though it lacks something, is hollow. In milliseconds. */
const emptyStuckAfterMs = 2_000;
/** The same for a follower that holds something already: a slow link is more likely then. */
const stuckAfterMs = 15_000;

/**
 * Reads two looks, one at each end. `kConnected` proves nothing: a replica is ready when its master reports a lag for it and its
 * position has reached one that the master had at an earlier look.
 */
export function judgeAttachment(
  follower: { readonly address: string; readonly info: SlotLook | null },
  master: { readonly address: string; readonly info: SlotLook | null },
  mark: AttachmentMark | null,
  now: number,
): Attachment {
  if (!follower.info) return { kind: 'follower-lacks-slot' };
  if (!master.info) return { kind: 'master-lacks-slot' };
  const { following, position } = follower.info;
  const listed = master.info.slaves.find((slave) => slave.address === follower.address);
  if (!following) return { kind: 'detached', position, stillListed: listed !== undefined };
  if (following.master !== master.address) return { kind: 'elsewhere', master: following.master };
  const status = following.status ?? 'kConnected'; // 3.2.9 does not say; then the master's word counts.
  if (status === 'kError') return { kind: 'diverged' };
  if (status !== 'kConnected') return { kind: 'connecting', status };
  if (!listed || listed.lag === null)
    return { kind: 'connecting', status: listed?.status ?? 'not listed yet' };
  const met = comparePositions(position, mark?.master ?? master.info.position) >= 0;
  if (!met && mark && isStuck(position, mark, listed.lag, now)) {
    return { kind: 'hollow', empty: isPositionZero(position) };
  }
  return { kind: 'following', lag: listed.lag, met };
}

/** The mark of a first look. */
export function markOf(follower: SlotLook, master: SlotLook, now: number): AttachmentMark {
  return { master: master.position, follower: follower.position, at: now };
}

function isStuck(position: BinlogPosition, mark: AttachmentMark, lag: number, now: number): boolean {
  if (lag === 0 || !positionsEqual(position, mark.follower)) return false;
  return now - mark.at > (isPositionZero(position) ? emptyStuckAfterMs : stuckAfterMs);
}

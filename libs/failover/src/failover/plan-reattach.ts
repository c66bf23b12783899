import { type BinlogPosition, comparePositions, isPositionZero } from '@slotferry/cluster';
import type { SlotInfo } from '@slotferry/pika';

/** What to do about one slot of a replica. */
export type ReattachStep =
  | { readonly kind: 'follows' }
  | { readonly kind: 'wait' }
  /** What it follows could go on sending: it is detached before its position counts. */
  | { readonly kind: 'detach' }
  | { readonly kind: 'attach' }
  /** Not for a plain attach. */
  | { readonly kind: 'leave'; readonly why: string };

export interface NewMaster {
  readonly address: string;
  /** Its position when it was promoted; null when it is not known. */
  readonly promotedAt: BinlogPosition | null;
  readonly holdsSlot: boolean;
}

/** `isOurs`: this failover has detached the slot, so that nothing can have come to it since. */
export function planReattach(
  info: SlotInfo | null,
  master: NewMaster,
  servers: readonly string[],
  isOurs: boolean,
): ReattachStep {
  const leave = (why: string): ReattachStep => ({ kind: 'leave', why });
  if (!info) return leave('does not hold it');
  if (!master.holdsSlot) return leave(`${master.address} does not hold it`);
  if (!master.promotedAt) return leave(`the position at which ${master.address} was promoted is not known`);
  const { following, position } = info;
  if (following?.master === master.address) return planFollower(following.status);
  if (following && !servers.includes(following.master)) return leave(`follows ${following.master}`);
  if (following?.status === 'kTryDBSync' || following?.status === 'kWaitDBSync') {
    return leave('was in a full copy from the dead master');
  }
  if (comparePositions(position, master.promotedAt) > 0)
    return leave('holds writes that the new master lacks');
  if (isPositionZero(position) && !isPositionZero(master.promotedAt)) return leave('never got anything');
  if (following) return { kind: 'detach' };
  return isOurs ? { kind: 'attach' } : leave('followed nobody');
}

function planFollower(status: string | null): ReattachStep {
  if (status === null || status === 'kConnected') return { kind: 'follows' };
  return status === 'kError' ? { kind: 'leave', why: 'was refused by the new master' } : { kind: 'wait' };
}

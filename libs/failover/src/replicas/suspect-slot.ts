import { type BinlogPosition, comparePositions, positionsEqual, type SlotRef } from '@slotferry/cluster';
import type { Followed, Promotion, SeenSlot } from '../store/types';
import type { FindingCode } from './finding';
import { followedBySlot } from './following';
import { lineageOf, sharedUpTo } from './lineage';

/** Something about one slot of one node that is wrong if it lasts. `beyond`: the copy holds writes that its master lacks. */
export interface Suspicion {
  readonly code: FindingCode | 'beyond';
  readonly group: number;
  readonly node: string;
  readonly master: string;
  readonly ref: SlotRef;
  /** Wall clock milliseconds. */
  readonly since: number;
  /** The copy's position then; null when the node does not hold the slot. */
  readonly position: BinlogPosition | null;
}

interface SuspectNode {
  readonly group: number;
  readonly node: string;
  readonly master: string;
  readonly promotions: readonly Promotion[];
  readonly followed: readonly Followed[];
  readonly now: number;
}

type Past = (code: Suspicion['code']) => Suspicion | undefined;

/** Prepares looks at the slots of one node. What they find is dated from when it was first found without a break. */
export function suspectSlot({ group, node, master, promotions, followed, now }: SuspectNode) {
  const followedOf = followedBySlot(followed);
  const lineage = lineageOf(promotions, master);

  return (ref: SlotRef, own: SeenSlot | null, atMaster: SeenSlot, past: Past): Suspicion[] => {
    const position = own?.position ?? null;
    const since = (code: Suspicion['code']): Suspicion => {
      const before = past(code);
      if (before && goesOn(before, position)) return { ...before, master };
      return { code, group, node, master, ref, since: now, position };
    };
    if (!own) return [since('slot-missing')];
    if (own.following === null) {
      const last = followedOf(ref.table, ref.slot);
      const code = last?.master === master ? 'restarted-writable' : 'returned-master';
      const shared = sharedUpTo(lineage, { node, followed: last }, ref, atMaster.position);
      const isBeyond = shared !== null && comparePositions(own.position, shared) > 0;
      return isBeyond ? [since(code), since('beyond')] : [since(code)];
    }
    if (own.following !== master) return [since('wrong-master')];
    const carried = past('beyond') ?? past('diverged');
    return [
      ...suspectFollower(own, atMaster).map(since),
      // A full copy has replaced what was wrong.
      ...(carried && !isCopying(own) ? [since(isConnected(own) ? 'diverged' : 'beyond')] : []),
    ];
  };
}

function suspectFollower(own: SeenSlot, atMaster: SeenSlot): FindingCode[] {
  if (own.status === 'kError') return ['refused-by-master'];
  if (own.status === 'kWaitReply') return ['stuck-waiting'];
  const isBehind = comparePositions(own.position, atMaster.position) < 0;
  return isConnected(own) && isBehind && own.lag !== 0 ? ['hollow'] : [];
}

/** Only a copy that does not move is hollow. */
function goesOn({ code, position }: Suspicion, now: BinlogPosition | null): boolean {
  if (code !== 'hollow') return true;
  return position !== null && now !== null && positionsEqual(position, now);
}

function isConnected({ status }: SeenSlot): boolean {
  return status === null || status === 'kConnected';
}

function isCopying({ status }: SeenSlot): boolean {
  return status === 'kTryDBSync' || status === 'kWaitDBSync';
}

import {
  bytesBetween,
  comparePositions,
  isPositionZero,
  positionsEqual,
  type SlotRef,
} from '@slotferry/cluster';
import type { SlotInfo } from '@slotferry/pika';
import type { Copies } from '../slots/copies';

/** Why a copy does not follow. Stable. */
export type LooseCode =
  | 'replica-lacks-slot'
  | 'master-lacks-slot'
  | 'master-follows'
  | 'replica-detached'
  | 'replica-elsewhere'
  | 'replica-in-full-copy'
  | 'replica-connecting'
  | 'replica-diverged';

/** A slot whose copy does not follow as it must. */
export interface LooseCopy {
  readonly ref: SlotRef;
  readonly code: LooseCode;
  readonly message: string;
}

/** How the copies of a group's slots stand to those of its master, all together. */
export interface GroupLook {
  readonly loose: readonly LooseCopy[];
  /** Bytes of binlog that those who follow lack, all slots together. */
  readonly lagBytes: number;
  /** The largest lag of one slot. */
  readonly worstLagBytes: number;
  /** Slots that follow and hold nothing, though their master does: begun a moment ago, or never to get anything. */
  readonly empty: readonly SlotRef[];
  /** True when every slot follows with nothing missing, by the master's word and by both positions. */
  readonly level: boolean;
}

/** Judges one look at each end. The replica must be looked at no later than together with its master. */
export function judgeCopies(refs: readonly SlotRef[], master: Copies, replica: Copies): GroupLook {
  const looks = refs.map((ref) => judge(ref, master, replica));
  const loose = looks.flatMap((look) => ('code' in look ? [look] : []));
  const following = looks.flatMap((look) => ('lag' in look ? [look] : []));
  return {
    loose,
    lagBytes: following.reduce((sum, { lag }) => sum + lag, 0),
    worstLagBytes: Math.max(0, ...following.map(({ lag }) => lag)),
    empty: following.filter(({ isEmpty }) => isEmpty).map(({ ref }) => ref),
    level: loose.length === 0 && following.every(({ level }) => level),
  };
}

interface FollowingCopy {
  readonly ref: SlotRef;
  readonly lag: number;
  readonly isEmpty: boolean;
  readonly level: boolean;
}

function judge(ref: SlotRef, master: Copies, replica: Copies): LooseCopy | FollowingCopy {
  const [own, copy] = [master.of(ref), replica.of(ref)];
  const name = ref.table === 0 ? `slot ${ref.slot}` : `slot ${ref.slot} of table ${ref.table}`;
  const loose = (code: LooseCode, message: string): LooseCopy => ({ ref, code, message });
  if (!own) return loose('master-lacks-slot', `${master.address} does not hold ${name}`);
  if (!copy) return loose('replica-lacks-slot', `${replica.address} does not hold ${name}`);
  if (own.following) {
    return loose('master-follows', `${master.address} follows ${own.following.master} for ${name}`);
  }
  if (!copy.following) return loose('replica-detached', `${replica.address} follows nobody for ${name}`);
  if (copy.following.master !== master.address) {
    return loose(
      'replica-elsewhere',
      `${replica.address} follows ${copy.following.master} for ${name}, not ${master.address}`,
    );
  }
  return judgeFollowing(ref, name, { address: master.address, info: own }, replica.address, copy, loose);
}

function judgeFollowing(
  ref: SlotRef,
  name: string,
  master: { readonly address: string; readonly info: SlotInfo },
  replica: string,
  copy: SlotInfo,
  loose: (code: LooseCode, message: string) => LooseCopy,
): LooseCopy | FollowingCopy {
  // 3.2.9 does not say; then the master's word counts.
  const status = copy.following?.status ?? 'kConnected';
  if (status === 'kError') {
    return loose('replica-diverged', `${master.address} refuses ${name} of ${replica}: it is ahead of it`);
  }
  if (status === 'kTryDBSync' || status === 'kWaitDBSync') {
    return loose('replica-in-full-copy', `${replica} is in a full copy of ${name} (${status})`);
  }
  const listed = master.info.slaves.find(({ address }) => address === replica);
  if (listed?.status === 'SlaveDbSync') {
    return loose('replica-in-full-copy', `${replica} is in a full copy of ${name}`);
  }
  if (status !== 'kConnected' || !listed || listed.lag === null) {
    const how = status === 'kConnected' ? (listed?.status ?? 'not listed') : status;
    return loose('replica-connecting', `${replica} is not connected for ${name} (${how})`);
  }
  const isBehind = comparePositions(copy.position, master.info.position) < 0;
  return {
    ref,
    lag: Math.max(listed.lag, isBehind ? bytesBetween(copy.position, master.info.position) : 0),
    isEmpty: isPositionZero(copy.position) && !isPositionZero(master.info.position),
    level: listed.lag === 0 && positionsEqual(copy.position, master.info.position),
  };
}

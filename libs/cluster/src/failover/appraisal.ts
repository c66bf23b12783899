import { type BinlogPosition } from '../binlog-position';
import { type SlotRef } from '../router';
import { byAddress, type BestCopy, bytesLacking, slotKey, slotsOf } from './copies';
import { type Candidate, type ElectionInput, type Tail } from './election';
import { type Loss, lossOf } from './loss';

/** What a candidate would be worth as master. */
export interface Appraisal {
  readonly candidate: Candidate;
  /** Bytes it lacks of the most advanced copies, over all slots; null when the position of one could not be read. */
  readonly behindBytes: number | null;
  /** Slots on which it is behind, with whom to get the rest from. */
  readonly tails: readonly Tail[];
  readonly loss: Loss;
}

/** Looks at a candidate slot by slot. */
export function appraise(
  candidate: Candidate,
  best: ReadonlyMap<string, BestCopy>,
  input: ElectionInput,
): Appraisal {
  const held = slotsOf(candidate);
  const tails: Tail[] = [];
  const remains = new Map<string, BinlogPosition>();
  let behindBytes: number | null = 0;
  for (const { table, slot } of input.slots) {
    const key = slotKey({ table, slot });
    const own = held.get(key);
    const top = best.get(key);
    const position: BinlogPosition | null = own?.position ?? null;
    const lacking: number | null = position && (top ? bytesLacking(position, top.position) : 0);
    behindBytes = behindBytes === null || lacking === null ? null : behindBytes + lacking;
    if (own?.state === 'following' && lacking && top) {
      tails.push({ table, slot, from: top.node, to: top.position });
    }
    const left = whatRemains(own?.state, position, top);
    if (left) remains.set(key, left);
  }
  return { candidate, behindBytes, tails: tails.sort(bySlot), loss: lossOf(input, remains) };
}

/**
 * A copy that followed to the end gets what others have more of. One that was broken keeps what it has: whether the rest fits on it
 * is not known. Of a stranger's position nothing can be said, it counts another history.
 */
function whatRemains(
  state: string | undefined,
  position: BinlogPosition | null,
  top: BestCopy | undefined,
): BinlogPosition | null {
  if (state === 'following') return top?.position ?? position;
  return state === 'broken' ? position : null;
}

/**
 * Order of those that may win: the least behind first. Among equals whom operators prefer, then who is in another zone than the
 * dead master was, then by address, so that everybody finds the same winner.
 */
export function byMerit(masterZone: string | null): (a: Appraisal, b: Appraisal) => number {
  const isElsewhere = ({ zone }: Candidate): boolean =>
    zone !== null && masterZone !== null && zone !== masterZone;
  return (a, b) =>
    (a.behindBytes ?? Infinity) - (b.behindBytes ?? Infinity) ||
    Number(b.candidate.prefer) - Number(a.candidate.prefer) ||
    Number(isElsewhere(b.candidate)) - Number(isElsewhere(a.candidate)) ||
    byAddress(a.candidate, b.candidate);
}

function bySlot(a: SlotRef, b: SlotRef): number {
  return a.table - b.table || a.slot - b.slot;
}

import { type BinlogPosition } from '../binlog-position';
import {
  type Candidate,
  type Election,
  type ElectionInput,
  type MasterTrace,
  type SurveyedSlot,
} from './election';
import { elect } from './elect';

export const SEEN_AT = 1_000_000;

export const at = (offset: number, file = 0): BinlogPosition => ({ file, offset });

/** A copy that followed to the end, of a slot of table 0. */
export function copy(slot: number, offset: number | null, changes: Partial<SurveyedSlot> = {}): SurveyedSlot {
  return { table: 0, slot, state: 'following', position: offset === null ? null : at(offset), ...changes };
}

/** A replica with following copies of the slots 0, 1, ... at these offsets. */
export function replica(
  node: string,
  offsets: readonly number[],
  changes: Partial<Candidate> = {},
): Candidate {
  const slots = offsets.map((offset, slot) => copy(slot, offset));
  return { node, problem: null, prefer: false, never: false, zone: null, slots, ...changes };
}

/** What was seen of the dead master: these offsets of the slots 0, 1, ... 400 ms before it was last seen. */
export function traces(...offsets: number[]): MasterTrace[] {
  return offsets.map((offset, slot) => ({ table: 0, slot, position: at(offset), at: SEEN_AT - 400 }));
}

/** An election over two slots of the dead master `m:1`, of which nothing is known to be lost. */
export function held(candidates: readonly Candidate[], changes: Partial<ElectionInput> = {}): Election {
  return elect(ballot(candidates, changes));
}

export function ballot(
  candidates: readonly Candidate[],
  changes: Partial<ElectionInput> = {},
): ElectionInput {
  return {
    slots: [
      { table: 0, slot: 0 },
      { table: 0, slot: 1 },
    ],
    master: 'm:1',
    masterZone: null,
    masterTrace: [],
    masterSeenAt: SEEN_AT,
    candidates,
    maxLossBytes: 1000,
    maxLossMs: null,
    chosen: null,
    ...changes,
  };
}

/** The winner, or why there is none. */
export function outcome(election: Election): string {
  return election.kind === 'elected' ? election.winner : election.code;
}

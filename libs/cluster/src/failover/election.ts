import type { BinlogPosition } from '../binlog-position';
import type { SlotRef } from '../router';

/** How a copy of a slot stood to the dead master when it was last seen, and stands now. */
export type CopyState =
  /** Following the dead master (or another copy of this history), receiving its binlog. */
  | 'following'
  /** In a full copy: what it holds is not whole. */
  | 'full-copy'
  /** Never got what its master wrote, whatever its state says. */
  | 'hollow'
  /** Refused by its master (`kError`), or waiting for ever (`kWaitReply`) since before the master died. */
  | 'broken'
  /** Follows somebody else, or nobody, since before the master died. */
  | 'stranger'
  /** The node does not hold the slot. */
  | 'missing';

/** One slot on a candidate. */
export interface SurveyedSlot extends SlotRef {
  readonly state: CopyState;
  /** Null when it could not be read: such a candidate never wins. */
  readonly position: BinlogPosition | null;
}

/** A replica as the survey found it. */
export interface Candidate {
  readonly node: string;
  /** Why it could not be surveyed, for people; null when it was. */
  readonly problem: string | null;
  readonly prefer: boolean;
  readonly never: boolean;
  readonly zone: string | null;
  readonly slots: readonly SurveyedSlot[];
}

/** The last that was seen of the master, per slot. */
export interface MasterTrace extends SlotRef {
  readonly position: BinlogPosition;
  /** When, wall clock milliseconds. */
  readonly at: number;
}

export interface ElectionInput {
  /** Slots the router sends to the group. */
  readonly slots: readonly SlotRef[];
  readonly master: string;
  readonly masterZone: string | null;
  /** Slots it does not name are those of which nothing is known. Of several looks at a slot the newest counts. */
  readonly masterTrace: readonly MasterTrace[];
  /** When the master was last seen answering, wall clock milliseconds; null when never. */
  readonly masterSeenAt: number | null;
  readonly candidates: readonly Candidate[];
  readonly maxLossBytes: number;
  readonly maxLossMs: number | null;
  /**
   * A node an operator has chosen: it wins if it is able to, whatever would be lost, also when it is behind, never to be master, or its
   * replication was broken or of another history before the master died.
   */
  readonly chosen: string | null;
}

/** What became of one candidate. */
export interface Verdict {
  readonly node: string;
  readonly eligible: boolean;
  /** For people, one sentence each: why it is not eligible, or what spoke for and against it. */
  readonly reasons: readonly string[];
  /** Bytes of binlog it lacks of the most advanced copy, over all slots; null when a position could not be read. */
  readonly behindBytes: number | null;
  /**
   * Bytes the dead master is known to have had beyond what remains once this one has caught up from the others: no more than the true
   * loss. Null when nothing is known, and for one that is not eligible (unless it was chosen).
   */
  readonly lossBytes: number | null;
}

/** A slot whose tail the winner has to fetch from another copy first. */
export interface Tail extends SlotRef {
  readonly from: string;
  readonly to: BinlogPosition;
}

export type Election =
  | {
      readonly kind: 'elected';
      readonly winner: string;
      /** Ordered by table, then slot. */
      readonly tails: readonly Tail[];
      /** As in the winner's verdict. */
      readonly lossBytes: number | null;
      /** How far back the writes known to be lost reach, before the master was last seen answering: no more than the true time. Null when not known. */
      readonly lossMs: number | null;
      readonly verdicts: readonly Verdict[];
    }
  | {
      readonly kind: 'undecided';
      /** `no-candidate`: nobody is eligible. `loss-above-limit`: an operator has to accept the loss. `choice-refused`: the chosen one cannot. */
      readonly code: 'no-candidate' | 'loss-above-limit' | 'choice-refused';
      readonly message: string;
      /** The one that would win if the loss were accepted; the loss said is the one with it. */
      readonly best: string | null;
      readonly lossBytes: number | null;
      readonly lossMs: number | null;
      readonly verdicts: readonly Verdict[];
    };

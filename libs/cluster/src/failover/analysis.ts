import type { WorkerVote } from './observation';
import type { FailoverSettings } from './failover-settings';

/**
 * Named states of a group, the most urgent one that holds.
 * - `Healthy`: the master answers all workers that can be trusted, every replica follows.
 * - `MasterSlow`: it answers, but late. Nothing is done.
 * - `MasterUnreachable`: some workers get no answer, not (yet) enough of them for long enough.
 * - `MasterDead`: a quorum got no answer for the down-after time, the process is gone or not reachable.
 * - `NodeFrozen`: the same, but it accepts connections: it can wake up and must be fenced.
 * - `ReplicaBroken`: the master is well, a replica is not.
 * - `ObserverIsolated`: the one who looks sees most of the world dead that others see alive, or lacks the others.
 * - `ManyMastersDead`: too many masters at once: rather our network than they. Nothing happens by itself.
 */
export const ANALYSES = [
  'Healthy',
  'MasterSlow',
  'MasterUnreachable',
  'MasterDead',
  'NodeFrozen',
  'ReplicaBroken',
  'ObserverIsolated',
  'ManyMastersDead',
] as const;
export type AnalysisName = (typeof ANALYSES)[number];

/** A group as the router has it, with what is known of its past. */
export interface WatchedGroup {
  readonly group: number;
  readonly master: string;
  readonly replicas: readonly string[];
  /** True when the router sends clients of at least one slot to it. */
  readonly ownsSlots: boolean;
  /** End of the pause after a failover, milliseconds; 0 when there is none or it was acknowledged. */
  readonly blockedUntil: number;
  /** True while a failover or switchover of the group is under way. */
  readonly underWay: boolean;
}

export interface JudgeInput {
  readonly groups: readonly WatchedGroup[];
  /** Votes of all workers that still live; older ones must be left out. */
  readonly votes: readonly WorkerVote[];
  /** The worker that judges. */
  readonly self: string;
  readonly settings: FailoverSettings;
  /** An operator works on the cluster: nothing happens by itself. */
  readonly maintenance: boolean;
  /** Milliseconds, of the clock of the votes. */
  readonly now: number;
  /** Minute of the day, UTC, for windows. */
  readonly minuteOfDay: number;
}

/** Why a failover does not begin by itself. Stable codes. */
export const REFUSALS = [
  'not-down',
  'no-quorum',
  'mode-off',
  'maintenance',
  'outside-window',
  'block-active',
  'many-masters-dead',
  'observer-isolated',
  'no-replica',
  'owns-nothing',
  'under-way',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export interface GroupAnalysis {
  readonly group: number;
  readonly master: string;
  readonly analysis: AnalysisName;
  /** For people: who sees what since when. */
  readonly why: string;
  /** Workers that got no answer for the whole of the down-after time. */
  readonly against: readonly string[];
  /** Workers whose vote counts. */
  readonly counted: number;
  readonly quorum: number;
  readonly decision:
    | { readonly kind: 'start'; readonly approvalNeeded: boolean }
    | { readonly kind: 'nothing'; readonly refusal: Refusal; readonly message: string };
}

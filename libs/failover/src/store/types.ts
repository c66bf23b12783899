import type { BinlogPosition, WorkerVote } from '@slotferry/cluster';
import type { JsonObject } from '@slotferry/workflow';
import type { Finding } from '../replicas/finding';

/** Where the binlog of slots ended, by table, then slot. */
export type SlotPositions = ReadonlyMap<number, ReadonlyMap<number, BinlogPosition>>;

/** The moment a replica became the master of a group: a copy that stands beyond it holds writes that the new master lacks. */
export interface Promotion {
  readonly workflow: string;
  /** Wall clock milliseconds. */
  readonly at: number;
  readonly oldMaster: string;
  readonly newMaster: string;
  /** Position of the new master per slot, read after it was detached and before clients were sent to it. */
  readonly positions: SlotPositions;
}

/** So many promotions of a group are remembered. */
export const promotionsKept = 8;

/** Slots of a node that were last seen connected to this master. */
export interface Followed {
  readonly table: number;
  /** A list as in `0-3,8`. */
  readonly slots: string;
  readonly master: string;
  /** When they were first seen so, wall clock milliseconds. */
  readonly at: number;
}

/** What is remembered of a group from one failover to the next. */
export interface GroupRecord {
  /** Number of the failover to come; begins with 1. */
  readonly epoch: number;
  /** Nothing happens by itself before it, wall clock milliseconds; 0: no block. */
  readonly blockedUntil: number;
  /** The last promotion, also one by a switchover, or null. */
  readonly promotion: Promotion | null;
}

/** The end of a failover: the next epoch begins, and the block. */
export interface EpochEnd {
  readonly epoch: number;
  readonly blockedUntil: number;
}

/** An operator works on the cluster. */
export interface Maintenance {
  readonly since: number;
  readonly by: string;
  readonly reason: string;
}

/** What was seen of one slot of one node at one time. */
export interface SeenSlot {
  readonly table: number;
  readonly slot: number;
  readonly position: BinlogPosition;
  /** Whom it followed, or null. */
  readonly following: string | null;
  /** Its own word on how it follows (`kConnected`, ...), or null. */
  readonly status: string | null;
  /** Bytes of lag by its master's word, when the master listed it, else null. */
  readonly lag: number | null;
}

/** The last good look at a node. */
export interface SeenNode {
  readonly node: string;
  /** Wall clock milliseconds. */
  readonly at: number;
  readonly slots: readonly SeenSlot[];
}

/** One point of a replica's lag over time, all slots of the group together. */
export interface LagPoint {
  readonly at: number;
  readonly lagBytes: number | null;
}

/** What happened to a group and what did not, and why. */
export interface HistoryEntry {
  /** Milliseconds. */
  readonly at: number;
  /** 0 for the cluster as a whole. */
  readonly group: number;
  readonly kind: 'detection' | 'decision' | 'non-decision' | 'finding' | 'operator';
  /** Stable: an analysis, a refusal, a finding. */
  readonly code: string;
  readonly message: string;
  readonly workflow: string | null;
  readonly details: JsonObject | null;
}

/** What is wrong with replicas of a cluster at one moment. */
export interface FoundNow {
  /** Wall clock milliseconds. */
  readonly at: number;
  readonly findings: readonly Finding[];
}

/** What an entry of the history is about: it is told only when that has come into another state. */
export interface Change {
  readonly about: string;
  readonly state: string;
  /** The state as long as nothing was told. */
  readonly initially: string;
}

/** Shared memory of all failover workers, in Redis. Every method throws what ioredis throws when Redis does not answer. */
export interface FailoverMemory {
  group(cluster: string, group: number): Promise<GroupRecord>;
  /** Epoch to come and end of the block, of every group that has had a failover. */
  epochs(cluster: string): Promise<ReadonlyMap<number, EpochEnd>>;
  /** The last promotions, oldest first, `promotionsKept` at most. */
  promotions(cluster: string, group: number): Promise<Promotion[]>;
  /** Groups of which a promotion is remembered. */
  promotedGroups(cluster: string): Promise<number[]>;
  /** Keeps the promotion; called before clients are sent to the new master. */
  recordPromotion(cluster: string, group: number, promotion: Promotion): Promise<void>;
  /** Moves on from `end.epoch`; does nothing when it has moved on already. */
  endEpoch(cluster: string, group: number, end: EpochEnd): Promise<void>;
  /** Ends the block of a group, or of all. */
  acknowledge(cluster: string, group: number | null): Promise<void>;

  maintenance(cluster: string): Promise<Maintenance | null>;
  /** Null ends it. */
  setMaintenance(cluster: string, maintenance: Maintenance | null): Promise<void>;

  /** Stores a worker's vote and wakes the others; `at` is set by the clock of Redis. */
  vote(cluster: string, vote: Omit<WorkerVote, 'at'>): Promise<void>;
  /** Votes not older than `maxAgeMs`, and the present time of the same clock. */
  votes(cluster: string, maxAgeMs: number): Promise<{ readonly now: number; readonly votes: WorkerVote[] }>;

  /** Replaces the last good look at a node. */
  sawNode(cluster: string, seen: SeenNode): Promise<void>;
  lastSeen(cluster: string, nodes: readonly string[]): Promise<Map<string, SeenNode>>;
  /** Replaces what is known of whom the slots of a node followed. */
  setFollowed(cluster: string, node: string, followed: readonly Followed[]): Promise<void>;
  followed(cluster: string, nodes: readonly string[]): Promise<Map<string, Followed[]>>;
  /** Replaces what was found; forgotten when nobody looks any more. */
  setFindings(cluster: string, found: FoundNow): Promise<void>;
  /** What was found at the last look, or null when nobody has looked for some seconds. */
  findings(cluster: string): Promise<FoundNow | null>;
  addLag(cluster: string, replica: string, point: LagPoint): Promise<void>;
  /** Oldest first, bounded. */
  lagSeries(cluster: string, replica: string): Promise<LagPoint[]>;

  addHistory(cluster: string, entry: HistoryEntry): Promise<void>;
  /** The same, unless it was told before: many workers see one thing. */
  addChange(cluster: string, entry: HistoryEntry, change: Change): Promise<void>;
  /** Newest first. */
  history(
    cluster: string,
    filter: { readonly group?: number; readonly limit: number },
  ): Promise<HistoryEntry[]>;
}

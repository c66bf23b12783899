/**
 * What happens by itself when a master is dead.
 * - `automatic`: the best replica takes over.
 * - `propose`: the same, but nothing is changed until an operator approves.
 * - `off`: it is watched and told, nothing more.
 */
export const FAILOVER_MODES = ['automatic', 'propose', 'off'] as const;
export type FailoverMode = (typeof FAILOVER_MODES)[number];

/**
 * What happens to writes of a copy that has to be discarded, because they were never replicated.
 * - `export`: keys that differ from the master's are written to a file first.
 * - `keep`: the copy stays detached until an operator releases it.
 * - `discard`: they are gone; their extent is recorded.
 */
export const DISCARD_POLICIES = ['export', 'keep', 'discard'] as const;
export type DiscardPolicy = (typeof DISCARD_POLICIES)[number];

/** What happens to broken replication: mended, only shown as proposals, or not looked at. */
export const HEAL_MODES = ['repair', 'propose', 'off'] as const;
export type HealMode = (typeof HEAL_MODES)[number];

/** What counts for one group. */
export interface FailoverPolicy {
  readonly mode: FailoverMode;
  /** A master that answered nobody for so long is down, in milliseconds. */
  readonly downAfterMs: number;
  /** So many workers have to see it; null: more than half of those that live. */
  readonly quorum: number | null;
  /** A loss beyond it is left to an operator, in bytes of binlog. */
  readonly maxLossBytes: number;
  /** The same in milliseconds of the master's last writes; null: no limit. */
  readonly maxLossMs: number | null;
  /** No further automatic failover of the group for so long after one, in milliseconds, unless acknowledged. Does not hold up proposals. */
  readonly blockMs: number;
  /** Times of day when it may happen by itself, minutes since midnight UTC (`to` up to 1440); empty: always. `to` may lie before `from`: past midnight. Do not hold up proposals. */
  readonly windows: readonly { readonly from: number; readonly to: number }[];
}

/** What operators say of one node. */
export interface NodeFlags {
  /** Wins where it is as far as any other. */
  readonly prefer: boolean;
  /** Never becomes master by itself. */
  readonly never: boolean;
  /** Rack, room or data centre; null when not told. */
  readonly zone: string | null;
}

/** Where news of failovers go. Secrets are references only. */
export interface NotifySettings {
  readonly webhooks: readonly {
    readonly url: string;
    /** Signs the body (HMAC-SHA256); null: not signed. */
    readonly secret: { readonly env: string } | { readonly file: string } | null;
    /** `before`: asked, and may refuse; `after`: told. */
    readonly when: 'before' | 'after';
  }[];
  readonly commands: readonly {
    readonly run: readonly [string, ...string[]];
    readonly when: 'before' | 'after';
  }[];
  /** Limit of one call, in milliseconds. */
  readonly timeoutMs: number;
}

export interface FailoverSettings extends FailoverPolicy {
  /** Policies of single groups, complete. */
  readonly groups: { readonly [group: string]: FailoverPolicy };
  /** By address. */
  readonly nodes: { readonly [address: string]: NodeFlags };
  readonly discard: DiscardPolicy;
  readonly heal: HealMode;
  readonly notify: NotifySettings;
}

/** What counts when the file says nothing. */
export const DEFAULT_FAILOVER: FailoverSettings = {
  mode: 'automatic',
  downAfterMs: 5_000,
  quorum: null,
  maxLossBytes: 16 * 1_048_576,
  maxLossMs: null,
  blockMs: 600_000,
  windows: [],
  groups: {},
  nodes: {},
  discard: 'export',
  heal: 'repair',
  notify: { webhooks: [], commands: [], timeoutMs: 5_000 },
};

/** The policy of a group. */
export function policyOf(settings: FailoverSettings, group: number): FailoverPolicy {
  return settings.groups[String(group)] ?? settings;
}

/** The flags of a node. */
export function flagsOf(settings: FailoverSettings, address: string): NodeFlags {
  return settings.nodes[address] ?? { prefer: false, never: false, zone: null };
}

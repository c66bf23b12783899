import { type FailoverSettings } from './failover/failover-settings';
import { type Topology } from './topology';

/** Where a secret is kept. The secret itself is never part of a definition. */
export type SecretSource = { readonly env: string } | { readonly file: string };

/** A router this version can work with. */
export interface RouterDefinition {
  readonly kind: 'codis';
  /** Base address of the dashboard's API, `http://host:port`. */
  readonly dashboard: string;
  readonly product: string;
  /** Null when the product has no password. */
  readonly productAuth: SecretSource | null;
  /** Admin addresses `host:port` of proxies that a bootstrap registers. */
  readonly proxies: readonly string[];
}

/** How moves behave unless an operator says otherwise. */
export interface MigrationSettings {
  /** How long clients of a slot may be held before the move steps back, in milliseconds. */
  readonly holdBudgetMs: number;
  /** How long clients may stand still where it can be helped, in milliseconds: as many slots are handed over at a time as keep to it. */
  readonly maxStallMs: number;
  /** A target no further behind than this may be handed the slot, in bytes of binlog. */
  readonly lagThresholdBytes: number;
  readonly handover: HandoverWay;
}

/**
 * Who makes the proxies hold requests.
 * - `proxies`: Slotferry asks each of them itself, for many slots at once.
 * - `dashboard`: the dashboard's own slot actions, one slot of a group at a time.
 * - `auto`: through the proxies where all of them can be asked, else through the dashboard.
 */
export const HANDOVER_WAYS = ['auto', 'proxies', 'dashboard'] as const;
export type HandoverWay = (typeof HANDOVER_WAYS)[number];

/** A cluster as it is meant to be: defaults filled in, units converted, safe to store as JSON. */
export interface ClusterDefinition extends Topology {
  readonly name: string;
  readonly router: RouterDefinition;
  readonly pika: {
    /** Password of the nodes; null when they have none. */
    readonly auth: SecretSource | null;
  };
  readonly migration: MigrationSettings;
  readonly failover: FailoverSettings;
}

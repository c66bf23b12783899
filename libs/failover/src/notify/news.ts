import type { JsonObject } from '@slotferry/workflow';

/**
 * What hooks hear of. Stable names.
 * - `failover-starting`, `switchover-starting`: asked before anything is changed, may be refused.
 * - `…-completed`, `…-cancelled`: it ended. `…-blocked`: it stands still and needs an operator.
 * - `finding`: something was found that is not mended by itself.
 */
export const FAILOVER_EVENTS = [
  'failover-starting',
  'failover-blocked',
  'failover-completed',
  'failover-cancelled',
  'switchover-starting',
  'switchover-blocked',
  'switchover-completed',
  'switchover-cancelled',
  'rejoin-blocked',
  'rejoin-completed',
  'finding',
] as const;
export type FailoverEvent = (typeof FAILOVER_EVENTS)[number];

/** One piece of news, as hooks get it. */
export interface FailoverNews {
  readonly event: FailoverEvent;
  readonly cluster: string;
  readonly group: number;
  /** The workflow it is about; null where none was started. */
  readonly workflow: string | null;
  /** Wall clock milliseconds. */
  readonly at: number;
  /** Stable: the code of a problem or a finding; null where there is none. */
  readonly code: string | null;
  /** One sentence for people. */
  readonly message: string;
  /** Whatever else is known: old and new master, loss, times. */
  readonly details: JsonObject;
}

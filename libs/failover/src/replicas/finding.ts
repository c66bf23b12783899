import type { SlotRef } from '@slotferry/cluster';

/**
 * What is wrong with a replica, the most urgent first.
 * - `diverged`: it held writes that its master lacks and was attached plainly: it looks healthy and is wrong.
 * - `returned-master`: it holds slots as a master of its own, and was never seen following the router's master.
 * - `restarted-writable`: the same, but it followed before: a restarted replica forgets its master.
 * - `wrong-master`: it follows somebody else.
 * - `refused-by-master`: Pika gave up, because it is ahead of its master.
 * - `hollow`: it says that it is connected, and gets nothing.
 * - `stuck-waiting`: it waits for a reply that never comes.
 * - `slot-missing`: it does not hold a slot of its group.
 */
export const FINDING_CODES = [
  'diverged',
  'returned-master',
  'restarted-writable',
  'wrong-master',
  'refused-by-master',
  'hollow',
  'stuck-waiting',
  'slot-missing',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** One kind of trouble of one node, with all slots it touches. */
export interface Finding {
  readonly code: FindingCode;
  readonly group: number;
  /** The node in trouble, `host:port`. */
  readonly node: string;
  /** The router's master of the group. */
  readonly master: string;
  readonly slots: readonly SlotRef[];
  /** Since when it has been so, wall clock milliseconds. */
  readonly since: number;
  /** For people. */
  readonly message: string;
}

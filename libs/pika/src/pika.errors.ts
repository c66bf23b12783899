import { ClusterError } from '@slotferry/cluster';

/**
 * What went wrong with a call to a Pika node.
 *
 * Answers of the node:
 * - `busy`: another slot or table change is under way on the node
 * - `slot-exists`, `slot-not-found`, `table-exists`, `table-not-found`, `out-of-range`
 * - `in-syncing`: the slot has an attached slave or is a slave itself, see `side`
 * - `read-only`: the slot is a slave
 * - `self-attach`: the node was named as its own master or target
 * - `master-unreachable`: the node could not reach a master while (re)attaching
 * - `syntax`, `unsupported`: this version does not know the form, or the command
 * - `auth-failed`, `auth-required`: the password is wrong, or missing
 * - `refused`: an error reply of a kind not listed here
 *
 * The way to it:
 * - `unreachable`: refused, reset, host not found, or the connection broke
 * - `timed-out`: no connection, or no reply, within the limit
 * - `closed`: this client was closed by its owner
 * - `unexpected-reply`: the reply has not the form it must have
 */
export type PikaErrorCode =
  | 'busy'
  | 'slot-exists'
  | 'slot-not-found'
  | 'table-exists'
  | 'table-not-found'
  | 'out-of-range'
  | 'in-syncing'
  | 'read-only'
  | 'self-attach'
  | 'master-unreachable'
  | 'syntax'
  | 'unsupported'
  | 'auth-failed'
  | 'auth-required'
  | 'refused'
  | 'unreachable'
  | 'timed-out'
  | 'closed'
  | 'unexpected-reply';

export interface PikaErrorDetails {
  readonly code: PikaErrorCode;
  /** Address of the node, `host:port`. */
  readonly node: string;
  /** The command as `describeCommand` prints it: without secrets. Null when none was involved. */
  readonly command: string | null;
  readonly message: string;
  readonly remedy: string;
  readonly outcomeUnknown?: boolean;
  readonly side?: 'master' | 'slave' | null;
  readonly cause?: unknown;
}

/** Every error of this library. Tell them apart by `code`. */
export class PikaError extends ClusterError {
  readonly code: PikaErrorCode;
  readonly node: string;
  readonly command: string | null;
  /**
   * True when a change may have been made, in whole or in part: its bytes left this process and no reply says what became of
   * them. Look at the node before acting again. False when it was certainly not made. Always false for reads.
   */
  readonly outcomeUnknown: boolean;
  /** For `in-syncing`: whether the slot is in use as a master (it has slaves) or as a slave. */
  readonly side: 'master' | 'slave' | null;

  constructor(details: PikaErrorDetails) {
    super(details.message, details.remedy);
    this.code = details.code;
    this.node = details.node;
    this.command = details.command;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.side = details.side ?? null;
    if (details.cause !== undefined) this.cause = details.cause;
  }
}

import { SlotferryError } from '@slotferry/platform';

/** What went wrong, for programs. */
export type CodisErrorCode =
  // said by the dashboard or a proxy
  | 'action-exists'
  | 'action-not-pending'
  | 'already-in-group'
  | 'already-master'
  | 'group-empty'
  | 'group-exists'
  | 'group-not-found'
  | 'migration-running'
  | 'no-action'
  | 'not-online'
  | 'promoting'
  | 'proxy-exists'
  | 'proxy-failed'
  | 'proxy-not-found'
  | 'proxy-refused'
  | 'refused'
  | 'server-auth'
  | 'server-exists'
  | 'server-not-found'
  | 'server-unfit'
  | 'server-unreachable'
  | 'slot-not-found'
  | 'store-failed'
  | 'xauth-refused'
  // found out by the client
  | 'bad-answer'
  | 'connection-lost'
  | 'invalid-argument'
  | 'not-codis'
  | 'proxy-hung'
  | 'proxy-unreachable'
  | 'slot-in-handover'
  | 'timed-out'
  | 'unreachable'
  | 'wrong-product';

export interface CodisErrorDetails {
  readonly code: CodisErrorCode;
  readonly message: string;
  /** The error text of Codis itself. */
  readonly said?: string;
  /** Whether a change may have been carried out although its answer is missing. */
  readonly outcomeUnknown?: boolean;
  /** Token or admin address of the proxy that is to blame. */
  readonly proxy?: string;
  readonly cause?: unknown;
}

/** A dashboard or proxy refused, failed or could not be understood. */
export class CodisError extends SlotferryError {
  declare readonly code: CodisErrorCode;
  readonly said: string | null;
  /** True when a change was sent and may or may not have been carried out: look before doing anything else. */
  readonly outcomeUnknown: boolean;
  readonly proxy: string | null;

  constructor(details: CodisErrorDetails) {
    super(
      { code: details.code, message: details.message, remedy: REMEDIES[details.code] },
      { cause: details.cause },
    );
    this.said = details.said ?? null;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.proxy = details.proxy ?? null;
  }
}

const REMEDIES: Readonly<Record<CodisErrorCode, string>> = {
  'action-exists':
    'Wait until the slot has been handed over, or withdraw the handover while it is still queued.',
  'action-not-pending':
    'It has begun: let it finish, or assign the slot to its source while the target is still attached.',
  'already-in-group': 'Nothing is to be done: the slot belongs to that group.',
  'already-master': 'Nothing is to be done: the server is the first of its group.',
  'group-empty': 'Add a server to the group first.',
  'group-exists': 'Nothing is to be done: the group is there.',
  'group-not-found': 'Create the group first, or correct its number.',
  'migration-running': 'Disable handovers, wait until none is executing, and try again.',
  'no-action': 'Nothing is to be withdrawn: the slot has no handover.',
  'not-online':
    'Another dashboard of this product holds the lock, or this one is shutting down: use the address of the one that is online.',
  promoting: 'Repeat the same promotion until it succeeds, then try again.',
  'proxy-exists': 'Nothing is to be done: the proxy is registered.',
  'proxy-failed':
    'The change is in force on the other proxies. Bring this proxy back or remove it, then resync the group.',
  'proxy-not-found': 'Nothing is to be done when it was to be removed; else register it again.',
  'proxy-refused': 'Start the proxy with the product name and the product_auth of the dashboard.',
  refused: "Read the dashboard's words above; its log has the details.",
  'server-auth': 'Give the server the password that the dashboard has as product_auth.',
  'server-exists':
    'Nothing is to be done if it is in the right group; otherwise remove it from the other one.',
  'server-not-found': 'Add the server to the group first, or correct its address.',
  'server-unfit': 'Use a Pika in sharding mode or a codis-server; the address is of something else.',
  'server-unreachable': 'Start the server, and let the dashboard reach its address.',
  'slot-not-found': 'Use slots from 0 to 1023.',
  'store-failed':
    'Look at the cluster before trying again: part of the change may be stored. Check the coordinator of the dashboard.',
  'xauth-refused':
    'Correct the product name (and product_auth for a proxy) in the cluster file: they make the key.',
  'bad-answer':
    'Check that the address leads to a Codis 3.2 dashboard without anything in between that changes answers.',
  'connection-lost':
    'Look at the cluster before trying again; check that the process is up and the network between is sound.',
  'invalid-argument': 'Correct the value named above; nothing was sent.',
  'not-codis': 'Correct the address: it must lead to the admin port of a Codis 3.2 dashboard or proxy.',
  'proxy-hung': 'Look at the proxy process: resume or restart it. Clients connected to it may be waiting.',
  'proxy-unreachable': 'Start the proxy, or remove it from the dashboard if it is gone for good.',
  'slot-in-handover':
    'Let the handover or promotion end, or take it back at the dashboard; assign an offline slot to a group first.',
  'timed-out':
    'Look at the cluster before trying again. A hung proxy blocks the dashboard: check all proxies.',
  unreachable: 'Start the dashboard, or correct its address; nothing was sent.',
  'wrong-product': 'Correct the address or the product name in the cluster file.',
};

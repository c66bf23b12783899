import { type BinlogPosition, ClusterError, parsePosition } from '@slotferry/cluster';
import { type ReplyContext, unreadable } from '../reply';
import { reportLines } from './lines';

const SLAVE_STATES = [
  'kNoConnect',
  'kTryConnect',
  'kTryDBSync',
  'kWaitDBSync',
  'kWaitReply',
  'kConnected',
  'kError',
  'kDBNoConnect',
] as const;
const ATTACHED_STATES = ['SlaveNotSync', 'SlaveDbSync', 'SlaveBinlogSync'] as const;

/** How far a slave slot is with its master, in its own view. `kConnected` alone proves nothing: see `SlotInfo`. */
export type SlaveState = (typeof SLAVE_STATES)[number];

/** How the master sees an attached slave. Only in `SlaveBinlogSync` it tells the lag. */
export type AttachedState = (typeof ATTACHED_STATES)[number];

export interface AttachedSlave {
  /** `host:port`. */
  readonly address: string;
  readonly status: AttachedState;
  /**
   * Bytes of binlog the slave has not acknowledged; null while the master does not tell. Not exact beyond 2^53, where Pika's
   * own subtraction has wrapped round: such a number is far from 0, as it should be.
   */
  readonly lag: number | null;
}

/**
 * One slot on one node. A slot can have slaves and follow a master at once (a chain).
 * A replica is known to be ready only when its master's `lag` for it falls to near 0 and the positions meet: a slave of a node
 * that was itself filled by a full copy says `kConnected` and gets nothing.
 */
export interface SlotInfo {
  readonly table: number;
  readonly slot: number;
  readonly position: BinlogPosition;
  /** First binlog file kept from purging, as Pika prints it; null for none. */
  readonly safetyPurge: string | null;
  readonly slaves: readonly AttachedSlave[];
  /** The master it follows, or null when the slot is a master. `status` is null where the version does not tell (3.2.9). */
  readonly following: { readonly master: string; readonly status: SlaveState | null } | null;
}

interface Draft extends Omit<SlotInfo, 'slaves' | 'following'> {
  slaves: { address: string; status: AttachedState; lag: number | null }[];
  following: SlotInfo['following'];
  announced: number;
}

const HEAD = /^\(db(\d+):(\d+)\) binlog_offset=(\d+ \d+),safety_purge=(.*)$/;

/**
 * Reads `PKCLUSTER INFO SLOT`: a block a slot, in the node's order. Slots the node does not hold have no block.
 * @throws PikaError `unexpected-reply` on any line it does not know, a position included: a guess here could lose data
 */
export function parseSlotInfo(text: string, context: ReplyContext): SlotInfo[] {
  const drafts: Draft[] = [];
  for (const line of reportLines(text)) {
    const head = HEAD.exec(line);
    if (head) {
      drafts.push(begin(head, context));
      continue;
    }
    const current = drafts.at(-1);
    if (!current || !readLine(current, line.trim())) throw unreadable(context, line);
  }
  return drafts.map((draft) => finish(draft, context));
}

function begin(
  [line, table, slot, position = '', safetyPurge]: RegExpExecArray,
  context: ReplyContext,
): Draft {
  return {
    table: Number(table),
    slot: Number(slot),
    position: readPosition(position, line, context),
    safetyPurge: safetyPurge === 'none' ? null : (safetyPurge ?? null),
    slaves: [],
    following: null,
    announced: 0,
  };
}

function readPosition(text: string, line: string, context: ReplyContext): BinlogPosition {
  try {
    return parsePosition(text);
  } catch (error) {
    if (error instanceof ClusterError) throw unreadable(context, line);
    throw error;
  }
}

/** Takes one line into the draft. False when the line is not known. */
function readLine(draft: Draft, line: string): boolean {
  if (/^(Role: (Master|Slave)|-+|consensus_\w+=.*)$/.test(line)) return true;
  const [name, value] = line.split(/: (.*)/s);
  if (!name || value === undefined) return false;
  const slave = draft.slaves.at(-1);
  if (name === 'connected_slaves') {
    draft.announced = Number(value);
    return /^\d+$/.test(value);
  }
  if (/^slave\[\d+\]$/.test(name))
    return draft.slaves.push({ address: value, status: 'SlaveNotSync', lag: null }) > 0;
  if (name === 'replication_status' && slave && isOneOf(ATTACHED_STATES, value)) {
    slave.status = value;
    return true;
  }
  if (name === 'lag' && slave && /^\d+$/.test(value)) {
    slave.lag = Number(value);
    return true;
  }
  if (name === 'master') {
    draft.following = { master: value, status: null };
    return true;
  }
  if (name === 'slave status' && draft.following && isOneOf(SLAVE_STATES, value)) {
    draft.following = { ...draft.following, status: value };
    return true;
  }
  return false;
}

function finish({ announced, ...info }: Draft, context: ReplyContext): SlotInfo {
  if (announced !== info.slaves.length) throw unreadable(context, `connected_slaves: ${announced}`);
  return info;
}

function isOneOf<Known extends string>(known: readonly Known[], text: string): text is Known {
  return (known as readonly string[]).includes(text);
}

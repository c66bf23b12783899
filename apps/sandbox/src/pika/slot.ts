import { type BinlogPosition, bytesBetween } from '@slotferry/cluster';
import { Binlog, type BinlogLimits, DEFAULT_LIMITS } from './binlog';
import { SlotData } from './data/slot-data';

/** State of a slot as a slave; without an attachment it is `kNoConnect`. */
export type SlaveState =
  'kTryConnect' | 'kTryDBSync' | 'kWaitDBSync' | 'kWaitReply' | 'kConnected' | 'kError';

/** What a slot knows about its master. A new object for every attempt: whoever holds an old one is out of date. */
export interface Attachment {
  /** Address `host:port`. */
  readonly master: string;
  state: SlaveState;
  /** When the master was last heard of, in milliseconds of a monotonic clock. */
  lastHeard: number;
}

/** What a slot knows about one of its slaves. */
export interface Feed {
  /** Address `host:port`. */
  readonly slave: string;
  state: 'SlaveNotSync' | 'SlaveDbSync' | 'SlaveBinlogSync';
  acknowledged: BinlogPosition;
  /** Number of the next entry to send, or null when the slave asked for a place where nothing is: it never moves. */
  nextIndex: number | null;
  lastHeard: number;
}

/** One slot on one node: a unit of replication. It can have a master and slaves at once. */
export class Slot {
  data = new SlotData();
  readonly binlog: Binlog;
  /** The slaves, in the order in which they came. */
  feeds: Feed[] = [];
  attachment: Attachment | undefined;
  private readonly fileSize: number;

  constructor(
    readonly table: number,
    readonly id: number,
    limits: BinlogLimits = DEFAULT_LIMITS,
  ) {
    this.binlog = new Binlog(limits);
    this.fileSize = limits.fileSize;
  }

  /** Pika's name for it, for example `db0:579`. */
  get name(): string {
    return `db${this.table}:${this.id}`;
  }

  feedOf(slave: string): Feed | undefined {
    return this.feeds.find((feed) => feed.slave === slave);
  }

  addFeed(feed: Feed): void {
    const existing = this.feeds.findIndex(({ slave }) => slave === feed.slave);
    if (existing < 0) this.feeds.push(feed);
    else this.feeds[existing] = feed;
  }

  removeFeed(slave: string): void {
    this.feeds = this.feeds.filter((feed) => feed.slave !== slave);
  }

  /** Bytes of binlog that the slave has not got yet. */
  lagOf(feed: Feed): number {
    return bytesBetween(feed.acknowledged, this.binlog.position, this.fileSize);
  }

  /** Takes over a full copy. Slaves of this slot go on only where their position means something in the copy. */
  load(data: SlotData, position: BinlogPosition): void {
    this.data = data;
    this.binlog.restartAt(position);
    for (const feed of this.feeds) {
      const next = this.binlog.continuationOf(feed.acknowledged);
      feed.nextIndex = next.kind === 'entry' ? next.index : null;
    }
  }

  /** What a restart forgets. */
  forgetPeers(): void {
    this.attachment = undefined;
    this.feeds = [];
  }
}

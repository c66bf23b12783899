import { type Link } from '../link';
import { type Network } from '../network';
import { type Peer } from '../peer';
import { type Schedule } from '../schedule';
import { type Feed, type Slot } from '../slot';

/** What the master side needs of its node. */
export interface MasterHost extends Peer {
  readonly password: string;
  readonly isDiskFull: boolean;
  /** Writes are kept back: connections live, lag grows. */
  readonly holdsReplication: boolean;
  readonly schedule: Schedule;
}

/** Everything that waits to be sent to one slave. */
interface Lane {
  readonly slave: string;
  readonly waiting: Map<Feed, Slot>;
  isScheduled: boolean;
  /** Bytes sent beyond what the bandwidth allows, to be waited for. */
  debt: number;
  settledAt: number;
}

/** Sends writes to slaves, a moment after they were acknowledged to the client: one timer a slave, whatever the number of slots. */
export class Sender {
  private readonly lanes = new Map<string, Lane>();

  constructor(
    private readonly host: MasterHost,
    private readonly network: Network,
  ) {}

  /** The feed has something to send. */
  mark(slot: Slot, feed: Feed): void {
    if (feed.nextIndex === null || feed.nextIndex >= slot.binlog.nextIndex) return;
    const lane = this.laneOf(feed.slave);
    lane.waiting.set(feed, slot);
    this.plan(lane);
  }

  reset(): void {
    this.lanes.clear();
  }

  private laneOf(slave: string): Lane {
    let lane = this.lanes.get(slave);
    if (!lane) {
      lane = { slave, waiting: new Map(), isScheduled: false, debt: 0, settledAt: performance.now() };
      this.lanes.set(slave, lane);
    }
    return lane;
  }

  private plan(lane: Lane, atLeastMs = 0): void {
    if (lane.isScheduled) return;
    lane.isScheduled = true;
    const { delayMs } = this.network.link(this.host.address, lane.slave);
    this.host.schedule.after(Math.max(delayMs, atLeastMs), () => {
      lane.isScheduled = false;
      this.flush(lane);
    });
  }

  private flush(lane: Lane): void {
    const slave = this.network.reach(this.host, lane.slave);
    if (!slave || this.host.holdsReplication) {
      lane.waiting.clear(); // the node's regular look finds them again
      return;
    }
    const link = this.network.link(this.host.address, lane.slave);
    settle(lane, link);
    const writtenUntil = performance.now() - link.delayMs + 0.5;
    for (const [feed, slot] of lane.waiting) {
      if (lane.debt > 0) break;
      if (this.send(slave, slot, feed, writtenUntil, lane)) lane.waiting.delete(feed);
    }
    if (lane.waiting.size > 0) this.plan(lane, lane.debt > 0 ? (lane.debt / link.bandwidth) * 1_000 : 0);
  }

  /** True when nothing is left to send, or nothing can be sent. */
  private send(slave: Peer, slot: Slot, feed: Feed, writtenUntil: number, lane: Lane): boolean {
    if (slot.feedOf(feed.slave) !== feed) return true;
    const ref = { table: slot.table, slot: slot.id };
    while (feed.nextIndex !== null && lane.debt <= 0) {
      const entry = slot.binlog.entry(feed.nextIndex);
      if (!entry) break;
      if (entry.at > writtenUntil) return false;
      if (!slave.onEntry(ref, this.host.address, entry)) return true;
      feed.nextIndex += 1;
      feed.acknowledged = entry.end;
      lane.debt += entry.payload.length;
    }
    slot.binlog.purge(Math.min(...slot.feeds.map(({ nextIndex }) => nextIndex ?? Infinity)));
    return feed.nextIndex === null || feed.nextIndex >= slot.binlog.nextIndex;
  }
}

/** Share of a second's bandwidth that an idle link saves up. */
const BURST = 0.05;

/** Pays off what was sent with the time that has passed. */
function settle(lane: Lane, { bandwidth }: Link): void {
  const now = performance.now();
  const paid = ((now - lane.settledAt) / 1_000) * bandwidth;
  const debt = Math.max(lane.debt, 0);
  lane.debt = bandwidth === Infinity ? -Infinity : Math.max(debt - paid, -bandwidth * BURST);
  lane.settledAt = now;
}

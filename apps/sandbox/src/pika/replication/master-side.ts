import { type Network } from '../network';
import {
  type CopyAnswer,
  type CopyRequest,
  type SlotAddress,
  type SyncAnswer,
  type SyncRequest,
} from '../peer';
import { type Feed, type SlaveState, type Slot } from '../slot';
import { type MasterHost, Sender } from './sender';

export { type MasterHost } from './sender';

const ALIVE: ReadonlySet<SlaveState> = new Set<SlaveState>(['kConnected', 'kTryDBSync', 'kWaitDBSync']);

/** A node's slots as masters: accepts slaves, copies to them, sends them every write, and drops those that are silent. */
export class MasterSide {
  private readonly sender: Sender;

  constructor(
    private readonly host: MasterHost,
    private readonly network: Network,
  ) {
    this.sender = new Sender(host, network);
  }

  /** Null, no answer, when the slot is not held here. */
  onSync({ slave, position, ...ref }: SyncRequest): SyncAnswer | null {
    const slot = this.host.findSlot(ref);
    if (!slot) return null;
    const next = slot.binlog.continuationOf(position);
    if (next.kind === 'ahead' || next.kind === 'between') return 'refused';
    if (next.kind === 'purged') return 'purged';
    const nextIndex = next.kind === 'hollow' ? null : next.index;
    slot.addFeed(feedTo(slave, 'SlaveNotSync', position, nextIndex));
    return 'accepted';
  }

  onReady(ref: SlotAddress, slave: string): void {
    const slot = this.host.findSlot(ref);
    const feed = slot?.feedOf(slave);
    if (!slot || !feed) return;
    feed.state = 'SlaveBinlogSync';
    feed.lastHeard = performance.now();
    this.sender.mark(slot, feed);
  }

  /** Null, no answer, when the slot is not held here: the caller decides what that does to the process. */
  onCopy({ slave, password, ...ref }: CopyRequest): CopyAnswer | null {
    const slot = this.host.findSlot(ref);
    if (!slot) return null;
    const { position } = slot.binlog;
    slot.addFeed(feedTo(slave, 'SlaveDbSync', position, null));
    if (password !== this.host.password || this.host.isDiskFull) return { ready: false };
    return { ready: true, data: slot.data.clone(), position };
  }

  onLeave(ref: SlotAddress, slave: string): void {
    this.host.findSlot(ref)?.removeFeed(slave);
  }

  /** To be called after every write to a slot. */
  wake(slot: Slot): void {
    for (const feed of slot.feeds) if (feed.state === 'SlaveBinlogSync') this.sender.mark(slot, feed);
  }

  /** Drops slaves that were silent for too long, and goes on sending where something was in the way. */
  watch(slot: Slot, now: number): void {
    for (const feed of slot.feeds) {
      if (this.hears(slot, feed)) feed.lastHeard = now;
      else if (now - feed.lastHeard > this.network.costs.peerTimeoutMs) slot.removeFeed(feed.slave);
    }
    this.wake(slot);
  }

  /** What a crash ends. */
  reset(): void {
    this.sender.reset();
  }

  /** A slave that waits for a reply sends no sign of life. */
  private hears(slot: Slot, feed: Feed): boolean {
    const slave = this.network.reach(this.host, feed.slave);
    const attachment = slave?.findSlot({ table: slot.table, slot: slot.id })?.attachment;
    return (
      attachment !== undefined &&
      ALIVE.has(attachment.state) &&
      this.network.find(attachment.master) === this.network.find(this.host.address)
    );
  }
}

function feedTo(
  slave: string,
  state: Feed['state'],
  acknowledged: Feed['acknowledged'],
  nextIndex: number | null,
): Feed {
  return { slave, state, acknowledged, nextIndex, lastHeard: performance.now() };
}

import { type NodeCounters } from '../counters';
import { type Network } from '../network';
import { type CopyAnswer, type Peer, type SyncAnswer } from '../peer';
import { type Schedule } from '../schedule';
import { type Attachment, type Slot } from '../slot';
import { CopyQueue } from './copy-queue';

/** What the slave side needs of its node. */
export interface SlaveHost extends Peer {
  readonly password: string;
  readonly isDiskFull: boolean;
  readonly counters: NodeCounters;
  readonly schedule: Schedule;
}

/**
 * A node's slots as slaves: attaches, copies, follows, detaches. Every message goes over the link to the master and may get lost, and
 * as in Pika nothing asks twice: a request without an answer leaves the slot in `kWaitReply` for ever.
 */
export class SlaveSide {
  private readonly copies = new CopyQueue();

  constructor(
    private readonly host: SlaveHost,
    private readonly network: Network,
  ) {}

  /** Begins to follow: from the present position, or with a full copy. */
  attach(slot: Slot, master: string, mode: 'incremental' | 'full-copy'): void {
    const attachment: Attachment = { master, state: 'kTryConnect', lastHeard: performance.now() };
    slot.attachment = attachment;
    if (mode === 'incremental') this.connect(slot, attachment);
    else this.copy(slot, attachment);
  }

  /** Ends it at once; the master hears of it if it can. */
  detach(slot: Slot): void {
    const { attachment } = slot;
    if (!attachment) return;
    slot.attachment = undefined;
    this.send(attachment.master, (master) => master.onLeave(this.refOf(slot), this.host.address));
  }

  /** Looks after a slot that follows: a master that was silent for too long is asked anew. */
  watch(slot: Slot, now: number): void {
    const { attachment } = slot;
    if (attachment?.state !== 'kConnected') return;
    const master = this.network.reach(this.host, attachment.master);
    if (master?.findSlot(this.refOf(slot))?.feedOf(this.host.address)) attachment.lastHeard = now;
    else if (now - attachment.lastHeard > this.network.costs.peerTimeoutMs) this.connect(slot, attachment);
  }

  private connect(slot: Slot, attachment: Attachment): void {
    attachment.state = 'kTryConnect';
    this.host.schedule.after(this.network.costs.of('attach'), () => {
      if (slot.attachment !== attachment) return;
      attachment.state = 'kWaitReply';
      const request = { ...this.refOf(slot), slave: this.host.address, position: slot.binlog.position };
      this.send(attachment.master, (master) => {
        const answer = master.onSync(request);
        if (answer) this.receive(master, () => this.onAnswer(slot, attachment, answer));
      });
    });
  }

  private onAnswer(slot: Slot, attachment: Attachment, answer: SyncAnswer): void {
    if (slot.attachment !== attachment) return;
    if (answer === 'refused') attachment.state = 'kError';
    else if (answer === 'purged') this.copy(slot, attachment);
    else {
      attachment.state = 'kConnected';
      attachment.lastHeard = performance.now();
      this.send(attachment.master, (master) => master.onReady(this.refOf(slot), this.host.address));
    }
  }

  private copy(slot: Slot, attachment: Attachment): void {
    attachment.state = 'kTryDBSync';
    this.copies.add({
      isWanted: () => slot.attachment === attachment,
      run: (done) => this.askForCopy(slot, attachment, done),
    });
    const { counters } = this.host;
    counters.mostCopiesAskedFor = Math.max(counters.mostCopiesAskedFor, this.copies.size);
  }

  private askForCopy(slot: Slot, attachment: Attachment, done: () => void): void {
    this.host.schedule.after(this.network.costs.of('attach'), () => {
      if (slot.attachment !== attachment) return done();
      const request = { ...this.refOf(slot), slave: this.host.address, password: this.host.password };
      this.send(
        attachment.master,
        (master) => {
          const answer = master.onCopy(request);
          if (!answer) return done();
          this.receive(master, () => this.onCopy(slot, attachment, answer, done));
        },
        done,
      );
    });
  }

  private onCopy(slot: Slot, attachment: Attachment, answer: CopyAnswer, done: () => void): void {
    if (slot.attachment !== attachment) return done();
    attachment.state = 'kWaitDBSync';
    if (!answer.ready || this.host.isDiskFull) return done();
    this.host.schedule.after(this.network.costs.of('fullCopy'), () => {
      const isWanted = slot.attachment === attachment;
      if (isWanted && !this.host.isDiskFull && this.network.reach(this.host, attachment.master)) {
        slot.load(answer.data, answer.position);
        this.connect(slot, attachment);
      }
      done();
    });
  }

  /** A message to a master. Both must be awake when it arrives; otherwise it is lost. */
  private send(master: string, deliver: (master: Peer) => void, lost: () => void = () => undefined): void {
    const { delayMs } = this.network.link(this.host.address, master);
    this.host.schedule.after(delayMs, () => {
      const peer = this.network.reach(this.host, master);
      if (peer) deliver(peer);
      else lost();
    });
  }

  private receive(from: Peer, deliver: () => void): void {
    this.host.schedule.after(this.network.link(this.host.address, from.address).delayMs, deliver);
  }

  private refOf(slot: Slot): { table: number; slot: number } {
    return { table: slot.table, slot: slot.id };
  }

  /** What a crash ends. */
  reset(): void {
    this.copies.clear();
  }
}

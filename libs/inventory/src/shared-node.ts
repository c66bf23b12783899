import { MAX_SLOTS, type SendGate } from '@slotferry/cluster';
import {
  type Attachment,
  type NodeInfo,
  PikaError,
  PikaNode,
  type SlotInfo,
  type TableInfo,
} from '@slotferry/pika';
import { Coalescer } from './coalescer';
import { JointChange, type SendTogether } from './joint-change';

/** Deleting a slot holds up the clients of its node for some 3.5 ms: so many at once are hardly felt. */
const mostDeleted = 8;

/**
 * A node whose looks at slots are shared by all who ask at the same time: one command at once for each table, with the slots of
 * all of them. Single slots that are detached or deleted at the same time are, too. Changes follow one another.
 */
export class SharedNode extends PikaNode {
  private readonly looks = new Map<number, Coalescer<number, SlotInfo | null>>();
  private readonly detaches = new Map<number, JointChange<number>>();
  private readonly deletions = new Map<number, JointChange<number>>();
  private lastChange: Promise<void> = Promise.resolve();

  private readonly infos = new Coalescer<null, NodeInfo>(async () => {
    const info = await super.info();
    return () => info;
  });

  private readonly tableLists = new Coalescer<null, TableInfo[]>(async () => {
    const tables = await super.tables();
    return () => tables;
  });

  override info(): Promise<NodeInfo> {
    return this.infos.load(null);
  }

  override tables(): Promise<TableInfo[]> {
    return this.tableLists.load(null);
  }

  override async slots(slots?: readonly number[], table = 0): Promise<Map<number, SlotInfo>> {
    if (!slots || !slots.every(isSlot)) return super.slots(slots, table);
    const looks = this.looksAt(table);
    const found = await Promise.all(slots.map((slot) => looks.load(slot)));
    return new Map(found.filter((info) => info !== null).map((info) => [info.slot, info]));
  }

  override addSlots(slots: readonly number[], table = 0, gate?: SendGate): Promise<void> {
    return this.inTurn(() => super.addSlots(slots, table, gate));
  }

  override attach(attachment: Attachment, gate?: SendGate): Promise<void> {
    return this.inTurn(() => super.attach(attachment, gate));
  }

  override attachWithFullCopy(attachment: Attachment, gate?: SendGate): Promise<void> {
    return this.inTurn(() => super.attachWithFullCopy(attachment, gate));
  }

  override detach(slots: readonly number[], table = 0, gate?: SendGate): Promise<void> {
    const [slot] = slots;
    const send: SendTogether<number> = (all, open) => this.inTurn(() => super.detach(all, table, open));
    if (slot === undefined || slots.length > 1 || !isSlot(slot)) return send(slots, gate ?? free);
    return this.joint(this.detaches, table, send).change(slot, gate);
  }

  override deleteSlots(slots: readonly number[], table = 0, gate?: SendGate): Promise<void> {
    const [slot] = slots;
    const send: SendTogether<number> = (all, open) => this.inTurn(() => super.deleteSlots(all, table, open));
    if (slot === undefined || slots.length > 1 || !isSlot(slot)) return send(slots, gate ?? free);
    return this.joint(this.deletions, table, send, mostDeleted).change(slot, gate);
  }

  /** A node refuses a change of slots while another one is under way: those of this process follow one another. */
  private inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.lastChange.then(change);
    this.lastChange = changed.catch(() => undefined);
    return changed;
  }

  private joint(
    changes: Map<number, JointChange<number>>,
    table: number,
    send: SendTogether<number>,
    most?: number,
  ): JointChange<number> {
    const known = changes.get(table);
    if (known) return known;
    const change = new JointChange(send, {
      isRefusal,
      brokenOff: () => this.brokenOff(),
      ...(most !== undefined && { most }),
    });
    changes.set(table, change);
    return change;
  }

  /** Never seen by a caller: a command to a node is one message, and who is shut out is known before it leaves. */
  private brokenOff(): PikaError {
    return new PikaError({
      code: 'closed',
      node: this.address,
      command: null,
      message: `A change of slots of Pika ${this.address} was not sent: a move that took part may not act any more`,
      remedy: 'Look at the slots and try again.',
    });
  }

  private looksAt(table: number): Coalescer<number, SlotInfo | null> {
    const known = this.looks.get(table);
    if (known) return known;
    const looks = new Coalescer<number, SlotInfo | null>(async (slots) => {
      const infos = await super.slots([...slots], table);
      return (slot) => infos.get(slot) ?? null;
    });
    this.looks.set(table, looks);
    return looks;
  }
}

const free: SendGate = () => undefined;

/** One caller's mistake shall not fail the others. */
function isSlot(slot: number): boolean {
  return Number.isInteger(slot) && slot >= 0 && slot < MAX_SLOTS;
}

/** The node has said no to a list of slots: which of them it means is not always told. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof PikaError &&
    !error.outcomeUnknown &&
    ['in-syncing', 'slot-not-found', 'refused', 'out-of-range'].includes(error.code)
  );
}

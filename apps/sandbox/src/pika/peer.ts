import { type BinlogEntry } from './binlog';
import { type BinlogPosition } from '@slotferry/cluster';
import { type SlotData } from './data/slot-data';
import { type Slot } from './slot';

/** `frozen`: takes connections and answers nothing, like a stopped process. `down`: the process is gone. */
export type Condition = 'running' | 'frozen' | 'down';

export interface SlotAddress {
  readonly table: number;
  readonly slot: number;
}

export interface SyncRequest extends SlotAddress {
  /** Address of the slave. */
  readonly slave: string;
  readonly position: BinlogPosition;
}

export type SyncAnswer = 'accepted' | 'purged' | 'refused';

export interface CopyRequest extends SlotAddress {
  readonly slave: string;
  readonly password: string;
}

/** A full copy as it leaves the master. `ready` is false when it never comes: the slave waits for ever. */
export type CopyAnswer =
  | { readonly ready: false }
  | { readonly ready: true; readonly data: SlotData; readonly position: BinlogPosition };

/** What nodes ask of each other. A null answer is none at all. */
export interface Peer {
  /** Address `host:port` that it announces. */
  readonly address: string;
  readonly condition: Condition;
  findSlot(address: SlotAddress): Slot | undefined;
  /** A slave wants to go on from its position. */
  onSync(request: SyncRequest): SyncAnswer | null;
  /** A slave that was accepted is ready for writes. */
  onReady(request: SlotAddress, slave: string): void;
  /** A slave wants a full copy. */
  onCopy(request: CopyRequest): CopyAnswer | null;
  /** A slave leaves. */
  onLeave(request: SlotAddress, slave: string): void;
  /** The master sends a write. False when the slave cannot take it now. */
  onEntry(request: SlotAddress, master: string, entry: BinlogEntry): boolean;
}

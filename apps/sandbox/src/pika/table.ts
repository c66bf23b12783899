import { type BinlogLimits, DEFAULT_LIMITS } from './binlog';
import { Slot } from './slot';

/** A table of a node: its number of slots, and those that the node holds. */
export class Table {
  private readonly held = new Map<number, Slot>();
  /** Commands on keys of this table, for PKCLUSTER INFO TABLE. */
  commands = 0;
  writes = 0;

  constructor(
    readonly id: number,
    readonly slotCount: number,
    private readonly limits: BinlogLimits = DEFAULT_LIMITS,
  ) {}

  find(slot: number): Slot | undefined {
    return this.held.get(slot);
  }

  /** The slots held, in ascending order. */
  get slots(): Slot[] {
    return [...this.held.values()].sort((a, b) => a.id - b.id);
  }

  create(slot: number): void {
    this.held.set(slot, new Slot(this.id, slot, this.limits));
  }

  remove(slot: number): void {
    this.held.delete(slot);
  }
}

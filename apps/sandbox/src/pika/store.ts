import { type BinlogLimits, DEFAULT_LIMITS } from './binlog';
import { type Slot } from './slot';
import { Table } from './table';

/** What a node keeps on its disk: tables and slots with data and positions. It outlives a crash. */
export class Store {
  private readonly byId = new Map<number, Table>();

  constructor(
    slotCount: number,
    private readonly limits: BinlogLimits = DEFAULT_LIMITS,
  ) {
    this.addTable(0, slotCount);
  }

  get tables(): Table[] {
    return [...this.byId.values()].sort((a, b) => a.id - b.id);
  }

  table(id: number): Table | undefined {
    return this.byId.get(id);
  }

  addTable(id: number, slotCount: number): void {
    this.byId.set(id, new Table(id, slotCount, this.limits));
  }

  removeTable(id: number): void {
    this.byId.delete(id);
  }

  /** Every slot of every table. */
  get slots(): Slot[] {
    return this.tables.flatMap((table) => table.slots);
  }
}

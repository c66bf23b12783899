import { formatSlots, type SlotRef } from '@slotferry/cluster';
import { type SlotInfo } from '@slotferry/pika';
import { type NodeView } from './node-view';
import { type TableSlotsDto } from './topology.dto';

/** How one replica stands towards the slots of its group, as its master sees it. */
export interface Replication {
  readonly attached: TableSlotsDto[];
  readonly lagging: TableSlotsDto[];
  readonly missing: TableSlotsDto[];
  /** The largest lag the master tells of, in bytes; null when it tells of none. */
  readonly maxLagBytes: number | null;
}

/**
 * Sorts the slots of a group by how well a replica follows. The master's word counts: a replica may say it is connected and get
 * nothing.
 * @param lagLimit bytes of binlog that still count as attached
 */
export function replicationOf(
  replica: string,
  master: NodeView,
  owned: readonly SlotRef[],
  lagLimit: number,
): Replication {
  const sorted = { attached: [] as SlotRef[], lagging: [] as SlotRef[], missing: [] as SlotRef[] };
  let maxLagBytes: number | null = null;
  for (const ref of owned) {
    const lag = lagOf(replica, master.tables.get(ref.table)?.get(ref.slot));
    if (lag === undefined) sorted.missing.push(ref);
    else if (lag === null || lag > lagLimit) sorted.lagging.push(ref);
    else sorted.attached.push(ref);
    if (typeof lag === 'number') maxLagBytes = Math.max(maxLagBytes ?? 0, lag);
  }
  return {
    attached: bySlotTable(sorted.attached),
    lagging: bySlotTable(sorted.lagging),
    missing: bySlotTable(sorted.missing),
    maxLagBytes,
  };
}

/** Slots as people read them, table by table. */
export function bySlotTable(slots: readonly SlotRef[]): TableSlotsDto[] {
  const tables = new Map<number, number[]>();
  for (const { table, slot } of slots) {
    const known = tables.get(table);
    if (known) known.push(slot);
    else tables.set(table, [slot]);
  }
  return [...tables].map(([table, ofTable]) => ({
    table,
    slots: formatSlots(ofTable),
    count: ofTable.length,
  }));
}

/** Undefined when the master does not list the replica, null while it is not in sync. */
function lagOf(replica: string, slot: SlotInfo | undefined): number | null | undefined {
  const slave = slot?.slaves.find(({ address }) => address === replica);
  if (!slave) return undefined;
  return slave.status === 'SlaveBinlogSync' ? slave.lag : null;
}

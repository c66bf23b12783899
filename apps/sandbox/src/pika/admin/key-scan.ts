import { type NodeContext } from '../node-context';

/** What Pika knows about its keys: the result of the last count that somebody asked for. */
export interface KeyScan {
  readonly at: Date | undefined;
  readonly durationMs: number;
  readonly total: number;
  /** Keys by table and type. */
  readonly byTable: ReadonlyMap<number, ReadonlyMap<string, { keys: number; expires: number }>>;
  /** Keys by slot of table 0. */
  readonly bySlot: ReadonlyMap<number, number>;
}

const NEVER: KeyScan = { at: undefined, durationMs: 0, total: 0, byTable: new Map(), bySlot: new Map() };
const scans = new WeakMap<object, KeyScan>();

/** The last count; empty before the first. */
export function lastScan(node: NodeContext): KeyScan {
  return scans.get(node.store) ?? NEVER;
}

/** Counts in the background, as INFO KEYSPACE 1 and SLOTSINFO ask for. */
export function startScan(node: NodeContext): void {
  node.schedule.after(1, () => scans.set(node.store, scan(node)));
}

function scan(node: NodeContext): KeyScan {
  const begin = performance.now();
  const now = Date.now();
  const byTable = new Map<number, Map<string, { keys: number; expires: number }>>();
  const bySlot = new Map<number, number>();
  let total = 0;
  for (const slot of node.store.slots) {
    const types = byTable.get(slot.table) ?? new Map<string, { keys: number; expires: number }>();
    byTable.set(slot.table, types);
    let slotKeys = 0;
    for (const { type, space } of slot.data.spaces) {
      const { keys, expires } = space.count(now);
      const before = types.get(type) ?? { keys: 0, expires: 0 };
      types.set(type, { keys: before.keys + keys, expires: before.expires + expires });
      slotKeys += keys;
    }
    if (slot.table === 0) bySlot.set(slot.id, slotKeys);
    total += slotKeys;
  }
  return { at: new Date(), durationMs: performance.now() - begin, total, byTable, bySlot };
}

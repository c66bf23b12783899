import type { SlotInfo } from '@slotferry/pika';
import type { SeenNode, SeenSlot } from '../store/types';

/** Puts together what nodes and their masters say about the same slots. */
export class SlotLooks {
  /** By master, then by replica, then by slot: bytes of lag as the master sees it. */
  private readonly lags = new Map<string, ReadonlyMap<string, ReadonlyMap<string, number | null>>>();

  /** A look at everything a node holds, with its lag by the last look at its masters. */
  take(node: string, at: number, slots: readonly SlotInfo[]): SeenNode {
    this.lags.set(node, lagsOfSlaves(slots));
    return { node, at, slots: slots.map((info) => this.seen(node, info)) };
  }

  /** Nodes that left are forgotten. */
  keepOnly(nodes: ReadonlySet<string>): void {
    for (const node of this.lags.keys()) if (!nodes.has(node)) this.lags.delete(node);
  }

  private seen(node: string, { table, slot, position, following }: SlotInfo): SeenSlot {
    const lag = following && this.lags.get(following.master)?.get(node)?.get(`${table}:${slot}`);
    const status = following?.status ?? null;
    return { table, slot, position, following: following?.master ?? null, status, lag: lag ?? null };
  }
}

/** The lag of a replica over all slots it follows for, in bytes; null when its masters do not tell of each. Null, too, for no replica. */
export function totalLag({ slots }: SeenNode): number | null {
  const followed = slots.filter(({ following }) => following !== null);
  if (followed.length === 0) return null;
  return followed.reduce<number | null>(
    (sum, { lag }) => (sum === null || lag === null ? null : sum + lag),
    0,
  );
}

function lagsOfSlaves(slots: readonly SlotInfo[]): Map<string, Map<string, number | null>> {
  const bySlave = new Map<string, Map<string, number | null>>();
  for (const { table, slot, slaves } of slots) {
    for (const { address, lag } of slaves) {
      const known = bySlave.get(address) ?? new Map<string, number | null>();
      bySlave.set(address, known.set(`${table}:${slot}`, lag));
    }
  }
  return bySlave;
}

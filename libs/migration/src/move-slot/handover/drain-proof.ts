import { type BinlogPosition, positionsEqual } from '@slotferry/cluster';
import type { SlotInfo } from '@slotferry/pika';

/** What one look at both ends says while every proxy holds the slot's requests. */
export type DrainLook =
  | { readonly kind: 'level'; readonly position: BinlogPosition }
  | { readonly kind: 'behind'; readonly lag: number | null }
  /** The target does not follow the source: to the router that looks like "finished". */
  | { readonly kind: 'loose'; readonly message: string };

/** Judges one look. Both the source's word (lag 0) and the positions themselves must say that nothing is missing. */
export function judgeDrain(
  source: { readonly address: string; readonly info: SlotInfo | null },
  target: { readonly address: string; readonly info: SlotInfo | null },
): DrainLook {
  if (!source.info) return { kind: 'loose', message: `${source.address} does not hold the slot any more` };
  if (target.info?.following?.master !== source.address) {
    return { kind: 'loose', message: `${target.address} does not follow ${source.address} any more` };
  }
  const listed = source.info.slaves.find((slave) => slave.address === target.address);
  if (!listed)
    return { kind: 'loose', message: `${source.address} does not list ${target.address} any more` };
  if (listed.lag === 0 && positionsEqual(source.info.position, target.info.position)) {
    return { kind: 'level', position: source.info.position };
  }
  return { kind: 'behind', lag: listed.lag };
}

/**
 * Collects looks until two in a row are level at the same position: a request that was still on its way when the first was taken
 * would have moved it.
 */
export class DrainProof {
  private last: BinlogPosition | null = null;

  /** The drained position, once it is proven. */
  add(look: DrainLook): BinlogPosition | null {
    const before = this.last;
    this.last = look.kind === 'level' ? look.position : null;
    return before && this.last && positionsEqual(before, this.last) ? this.last : null;
  }

  /** True when one more level look completes the proof. */
  get nearlyProven(): boolean {
    return this.last !== null;
  }
}

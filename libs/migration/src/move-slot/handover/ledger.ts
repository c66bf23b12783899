import { type BinlogPosition, formatPosition, parsePosition } from '@slotferry/cluster';
import type { JsonObject } from '@slotferry/workflow';
import type { Cast, MoveContext } from '../cast';

/** What the handover keeps in the log: whoever goes on reads here which way is safe. */
export class Ledger {
  constructor(private readonly context: MoveContext) {}

  /** The position at which the intent to detach the target was recorded; null before that. From then on only forward. */
  get drained(): BinlogPosition | null {
    const stored = this.context.facts.drained;
    return typeof stored === 'string' ? parsePosition(stored) : null;
  }

  /** True while the router's handovers are disabled by this move. */
  get pausedRouter(): boolean {
    return this.context.facts.pausedRouter === true;
  }

  get takenBack(): number {
    return Number(this.context.facts.takenBack ?? 0);
  }

  get takenBackBecause(): string {
    const { takenBackBecause } = this.context.facts;
    return typeof takenBackBecause === 'string' ? takenBackBecause : 'unknown';
  }

  /** Longest time that clients of the slot were held, in milliseconds. */
  get heldMs(): number {
    return Number(this.context.facts.heldMs ?? 0);
  }

  recordHold(ms: number): void {
    this.context.record({ heldMs: Math.max(this.heldMs, Math.round(ms)) });
  }

  recordTakeBack(reason: string): void {
    this.context.record({ takenBack: this.takenBack + 1, takenBackBecause: reason, drained: null });
  }
}

/** Facts of the intent to detach: where the slot stood, at whom, and who takes over. */
export function drainedFact(
  position: BinlogPosition,
  { sourceMaster, targetMaster }: Pick<Cast, 'sourceMaster' | 'targetMaster'>,
): JsonObject {
  return {
    drained: formatPosition(position),
    drainedFrom: sourceMaster.address,
    handedTo: targetMaster.address,
  };
}

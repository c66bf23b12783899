import type { RouterProxy, TableSlots } from '@slotferry/cluster';
import type { Json, JsonObject } from '@slotferry/workflow';
import type { SlotPositions } from '../../store/types';
import { readPositions, writePositions } from '../../slots/positions';
import type { SwitchoverContext } from '../stage';

/** What a switchover keeps in the log: whoever goes on reads here which way is safe. */
export class Ledger {
  constructor(private readonly context: SwitchoverContext) {}

  /** Slots of the group, as they were when they were about to be handed over. */
  get slots(): readonly TableSlots[] {
    return (this.context.facts.slots ?? []) as unknown as readonly TableSlots[];
  }

  /** The intent to hold is recorded, and its end is not. */
  get held(): boolean {
    return this.context.facts.held === true;
  }

  /** Not every proxy has answered the order to hold: it may still come to one of them. */
  get holdUnsure(): boolean {
    return this.context.facts.holdUnsure === true;
  }

  get heldAt(): readonly RouterProxy[] {
    return (this.context.facts.heldAt ?? []) as unknown as readonly RouterProxy[];
  }

  /** When a hold was released last, wall clock milliseconds. */
  get releasedAt(): number {
    return Number(this.context.facts.releasedAt ?? 0);
  }

  /** Where the slots stood when the intent to detach the new master was recorded; null before that. */
  get drained(): SlotPositions | null {
    return readPositions(this.context.facts.drained ?? null);
  }

  /** The intent to tell the router is recorded: it may have been carried out. */
  get promoting(): boolean {
    return this.context.facts.promoting === true;
  }

  /** The router has stored a promotion that this switchover asked for and that did not come to its end. */
  get promotionStored(): boolean {
    return this.context.facts.promotionStored === true;
  }

  /** The router sends clients to the new master because of this switchover. */
  get promoted(): boolean {
    return this.context.facts.promoted === true;
  }

  /** Why requests were not held; null when they were, or had not to be yet. */
  get unheld(): string | null {
    const { unheld } = this.context.facts;
    return typeof unheld === 'string' ? unheld : null;
  }

  /** The router starts no handovers because this switchover said so. */
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

  /** Longest time that clients were held, in milliseconds. */
  get heldMs(): number {
    return Number(this.context.facts.heldMs ?? 0);
  }

  /** Somebody else changed the master of the group: nothing is left to do. */
  get overtaken(): boolean {
    return this.overtakenBy !== null;
  }

  /** Who became the master instead, or null. */
  get overtakenBy(): string | null {
    const { overtaken } = this.context.facts;
    return typeof overtaken === 'string' ? overtaken : null;
  }

  recordHold(ms: number): void {
    this.context.record({ heldMs: Math.max(this.heldMs, Math.round(ms)) });
  }

  recordTakeBack(reason: string): void {
    this.context.record({ takenBack: this.takenBack + 1, takenBackBecause: reason });
  }

  recordOvertaken(by: string): void {
    this.context.record({ overtaken: by });
    this.context.step('overtaken', { master: by });
  }
}

/** Facts of the intent to hold. */
export function holdFacts(slots: readonly TableSlots[], proxies: readonly RouterProxy[]): JsonObject {
  return {
    held: true,
    holdUnsure: true,
    ...slotsFact(slots),
    unheld: null,
    heldAt: proxies as unknown as Json,
  };
}

/** Fact of what is to be handed over. */
export function slotsFact(slots: readonly TableSlots[]): JsonObject {
  return { slots: slots as unknown as Json };
}

/** Fact of the intent to detach. */
export function drainedFact(positions: SlotPositions): JsonObject {
  return { drained: writePositions(positions) };
}

import type { HandoverState, SlotRoute } from '@slotferry/cluster';
import { LogUnavailable } from '@slotferry/workflow';
import { CodisError } from '@slotferry/codis';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cast, MoveContext } from '../cast';
import { Ledger } from './ledger';
import { guardFor, timing } from './timing';

/**
 * A hold of one slot's requests by an action of the router: begun by queueing it there, ended by the router when the target is
 * detached, or taken back. Measures from the last moment at which clients were surely not held.
 */
export class Hold {
  readonly ledger: Ledger;
  private freeUntil: number;
  private proven = false;
  private since: number | null = null;
  private armedAt = 0;
  private arming: Promise<void> = Promise.resolve();
  private armingFailed: Error | null = null;
  /** Found out in this attempt: whoever ends the hold does not ask the log again first. */
  logIsAway = false;

  constructor(
    readonly context: MoveContext,
    readonly cast: Cast,
  ) {
    this.ledger = new Ledger(context);
    // After another attempt, clients may have been held since that one armed its guard.
    const { guard } = context.state;
    this.freeUntil = performance.now() - (guard ? Math.max(0, context.now() - guard.armedAt) : 0);
  }

  get budgetMs(): number {
    return this.cast.cluster.definition.migration.holdBudgetMs;
  }

  /** How long clients may have been held so far, in milliseconds. */
  get heldMs(): number {
    return this.since === null ? 0 : performance.now() - this.since;
  }

  get overBudget(): boolean {
    return this.heldMs > this.budgetMs;
  }

  /** Asks the router for the handover; the guard stands before that. */
  async queue(): Promise<void> {
    const { cast, context } = this;
    this.armedAt = performance.now();
    await context.command(
      {
        target: `${cast.cluster.router.kind} ${cast.cluster.router.address}`,
        action: `queue the handover of slot ${cast.slot} to group ${cast.to}`,
        send: (gate) => cast.cluster.router.queueHandover(cast.ref, cast.to, gate),
      },
      { facts: { queuedAt: context.now() }, guard: { name: 'hold', expiresInMs: timing.queuedGuard } },
    );
  }

  /** The router's present word; keeps the guard and the clock of the hold in step with it. */
  async look(): Promise<SlotRoute> {
    const askedAt = performance.now();
    const route = await this.cast.cluster.router.route(this.cast.ref);
    const state: HandoverState | undefined = route.handover?.state;
    if (this.armingFailed !== null) throw this.armingFailed;
    if (state === 'queued') await this.stillFree(askedAt);
    if (state === 'locking' || state === 'holding') this.nowHeld();
    if (state === 'holding' && !this.proven) {
      this.proven = true;
      this.context.step('hold');
    }
    return route;
  }

  /** True when the slot could be taken out of the router's queue; false when the router has begun with it. */
  async withdraw(): Promise<boolean> {
    const { router } = this.cast.cluster;
    try {
      await this.send(`withdraw the handover of slot ${this.cast.slot}`, (gate) =>
        router.withdrawHandover(this.cast.ref, gate),
      );
      return true;
    } catch (error) {
      if (error instanceof CodisError && error.code === 'no-action') return true;
      if (error instanceof CodisError && error.code === 'action-not-pending') return false;
      throw error;
    }
  }

  /**
   * Ends the hold the safe way while the target is still attached: the slot is assigned to its source, which releases the held
   * requests there. Needs no log: with nothing detached, nothing was written anywhere else.
   */
  async takeBack(reason: string): Promise<void> {
    const { cast } = this;
    const { router } = cast.cluster;
    await this.send(`assign slot ${cast.slot} back to group ${cast.from}: ${reason}`, (gate) =>
      router.assign([cast.ref], cast.from, gate),
    );
    await this.untilReleased();
    this.ledger.recordTakeBack(reason);
    this.stopClock();
    await this.resyncSource();
    await this.released();
  }

  /** The rest of what an attempt began that took a hold back and did not come to its end: its worker died, or the log was away. */
  async finishTakeBack(): Promise<void> {
    const { groups } = await this.cast.cluster.router.view();
    if (groups.some(({ id, outOfSync }) => id === this.cast.from && outOfSync)) await this.resyncSource();
    await this.released();
  }

  /** Clients are served again: the time is recorded and the guard ends. */
  async released(): Promise<void> {
    this.stopClock();
    this.context.record({ queuedAt: null });
    await this.context.releaseGuard();
  }

  /** Assigning marks the group as out of step with its proxies until its routes are sent once more. */
  private async resyncSource(): Promise<void> {
    const { cluster, from } = this.cast;
    await this.send(`resync group ${from}`, (gate) => cluster.router.resyncGroup(from, gate));
  }

  private stopClock(): void {
    if (this.since !== null) this.ledger.recordHold(this.heldMs);
    this.since = null;
  }

  private async stillFree(askedAt: number): Promise<void> {
    this.freeUntil = askedAt;
    if (performance.now() - this.armedAt > timing.queuedRearm) await this.arm(timing.queuedGuard);
  }

  /** The guard of the queue stands until this one does: clients do not wait for its round trip, only the detach does. */
  private nowHeld(): void {
    if (this.since !== null) return;
    this.since = this.freeUntil;
    if (this.ledger.drained !== null) return;
    this.arming = this.arm(guardFor(this.budgetMs + timing.takeBackAllowance));
    this.arming.catch((error: unknown) => {
      this.armingFailed = error instanceof Error ? error : new Error(String(error));
    });
  }

  /** The guard of the hold stands. Throws what kept it from being armed. */
  guarded(): Promise<void> {
    return this.arming;
  }

  private async arm(expiresInMs: number): Promise<void> {
    this.armedAt = performance.now();
    await this.context.persist({ guard: { name: 'hold', expiresInMs } });
  }

  private async untilReleased(): Promise<void> {
    const { router } = this.cast.cluster;
    for (let round = 0; round < 100; round += 1) {
      const { group, handover } = await router.route(this.cast.ref);
      if (!handover && group === this.cast.from) return;
      await pause(timing.queuedPoll);
    }
    throw new CodisError({
      code: 'timed-out',
      message: `the router does not show slot ${this.cast.slot} back at group ${this.cast.from} within a second`,
    });
  }

  /** With the log if it answers, without it once it did not: ending a hold must not wait for Redis, and not twice. */
  private async send(action: string, send: (gate: () => void) => Promise<void>): Promise<void> {
    const { router } = this.cast.cluster;
    const command = { target: `${router.kind} ${router.address}`, action, send };
    if (!this.logIsAway) {
      try {
        return await this.context.command(command);
      } catch (error) {
        if (!(error instanceof LogUnavailable)) throw error;
        this.logIsAway = true;
      }
    }
    await this.context.commandWithoutLog(command);
  }
}

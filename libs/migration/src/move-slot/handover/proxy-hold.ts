import type { RouterProxy } from '@slotferry/cluster';
import { LogUnavailable } from '@slotferry/workflow';
import type { Cast, MoveContext } from '../cast';
import { Ledger } from './ledger';
import { timing } from './timing';

/** A hold of one slot's requests inside every proxy, which the router knows nothing of. */
export class ProxyHold {
  readonly ledger: Ledger;
  private since: number | null = null;
  private logIsAway = false;

  constructor(
    private readonly context: MoveContext,
    private readonly cast: Cast,
  ) {
    this.ledger = new Ledger(context);
    // After another attempt, clients may have been held since that one armed its guard.
    const { guard } = context.state;
    if (this.begun && guard) this.since = performance.now() - Math.max(0, context.now() - guard.armedAt);
  }

  /** The intent to hold is recorded, and its end is not. */
  get begun(): boolean {
    return this.context.facts.heldAtProxies === true;
  }

  /** The intent to tell the router is recorded: only forward. */
  get assigning(): boolean {
    return this.context.facts.assigning === true;
  }

  get budgetMs(): number {
    return this.cast.cluster.definition.migration.holdBudgetMs;
  }

  /** How long clients may have been held so far, in milliseconds. */
  get heldMs(): number {
    return this.since === null ? 0 : performance.now() - this.since;
  }

  async proxies(): Promise<readonly RouterProxy[]> {
    return (await this.cast.cluster.router.view()).proxies;
  }

  /** Tells every proxy to hold; the guard stands before that. Resolves when no request is in flight any more. */
  async begin(): Promise<void> {
    const { cluster, ref, slot } = this.cast;
    await this.context.command(
      {
        target: `proxies of ${cluster.router.kind} ${cluster.router.address}`,
        action: `hold requests of slot ${slot}`,
        send: (gate) => {
          this.since = performance.now();
          return cluster.router.hold([ref], gate);
        },
      },
      {
        facts: { heldAtProxies: true },
        guard: { name: 'hold', expiresInMs: this.budgetMs + timing.takeBackAllowance },
      },
    );
    this.context.step('hold');
  }

  /** Ends the hold at the source; a target that was detached already is attached again later. */
  async end(reason: string): Promise<void> {
    await this.sendRoutes(`release requests of slot ${this.cast.slot}: ${reason}`);
    this.clientsServed();
    this.context.record({ heldAtProxies: false, drained: null, takenBackBecause: reason });
    await this.released();
  }

  /** Sends what the router has stored about the slot to every proxy, which ends any hold of it. */
  async sendRoutes(action: string): Promise<void> {
    const { cluster, ref } = this.cast;
    const command = {
      target: `proxies of ${cluster.router.kind} ${cluster.router.address}`,
      action,
      send: (gate: () => void) => cluster.router.release([ref], gate),
    };
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

  /** From now on no client waits: the time is recorded. */
  clientsServed(): void {
    if (this.since !== null) this.ledger.recordHold(this.heldMs);
    this.since = null;
  }

  /** Nobody has to end this hold any more. */
  async released(): Promise<void> {
    this.clientsServed();
    await this.context.releaseGuard();
  }
}

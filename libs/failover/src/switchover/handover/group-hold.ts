import type { RouterProxy, TableSlots } from '@slotferry/cluster';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { refsOf } from '../../slots/slot-lists';
import { PathProblem } from '../path-problem';
import { findHolders, unreleasedProxies } from '../proxies';
import { holdBudgetOf, type Stage, type SwitchoverContext } from '../stage';
import { guardFor, timing } from '../timing';
import { holdFacts, Ledger } from './ledger';
import { UrgentSender } from './urgent-sender';

/** A hold of all requests for a group inside every proxy, which the router knows nothing of. */
export class GroupHold {
  readonly ledger: Ledger;
  private readonly urgent: UrgentSender;
  private since: number | null = null;

  constructor(
    private readonly context: SwitchoverContext,
    private readonly stage: Stage,
  ) {
    this.ledger = new Ledger(context);
    this.urgent = new UrgentSender(context);
    // After another attempt, clients may have been held since that one armed its guard.
    const { guard } = context.state;
    if (this.ledger.held && guard)
      this.since = performance.now() - Math.max(0, context.now() - guard.armedAt);
  }

  get budgetMs(): number {
    return holdBudgetOf(this.stage);
  }

  /** How long clients may have been held so far, in milliseconds. */
  get heldMs(): number {
    return this.since === null ? 0 : performance.now() - this.since;
  }

  /** What is left of the budget, in milliseconds; at least 1. */
  get leftMs(): number {
    return Math.max(1, this.budgetMs - this.heldMs);
  }

  /**
   * Tells every proxy to hold; the guard stands before that. Resolves when no request of the group is in flight any more. Throws a
   * PathProblem when that takes longer than the budget: those that hold by then have held clients so long.
   */
  async begin(slots: readonly TableSlots[], proxies: readonly RouterProxy[]): Promise<void> {
    const { router } = this.stage.cluster;
    const overdue = new PathProblem(
      'proxy-unhealthy',
      `not every proxy has begun to hold group ${this.stage.group} within ${this.budgetMs} ms`,
    );
    await this.context.command(
      {
        target: `proxies of ${router.kind} ${router.address}`,
        action: `hold requests of group ${this.stage.group}`,
        send: (gate) => {
          this.since = performance.now();
          return this.tellProxies(slots, gate, overdue);
        },
      },
      {
        facts: holdFacts(slots, proxies),
        guard: { name: 'hold', expiresInMs: guardFor(this.budgetMs + timing.releaseAllowance) },
      },
    );
    this.context.record({ holdUnsure: false });
    this.context.step('hold');
  }

  /** Ends the hold at the present master; a new one that was detached already is attached again later. */
  async end(reason: string): Promise<void> {
    await this.sendRoutes(`release requests of group ${this.stage.group}: ${reason}`);
    this.clientsServed();
    this.context.record({ held: false, releasedAt: this.context.now() });
    this.wayBackIsSafe();
    await this.released();
  }

  /** The same once the log did not answer: clients do not wait for it again. */
  async endWithoutLog(reason: string): Promise<void> {
    this.urgent.logIsAway = true;
    await this.end(reason);
  }

  /** Sends what the router has stored to every proxy, which ends any hold. Throws a PathProblem that names those that do not answer. */
  async sendRoutes(action: string): Promise<void> {
    const { router } = this.stage.cluster;
    const { slots, heldAt } = this.ledger;
    if (slots.length === 0) return;
    await this.urgent
      .send({
        target: `proxies of ${router.kind} ${router.address}`,
        action,
        send: (gate) =>
          withTimeout(
            router.release(refsOf(slots), gate, heldAt),
            timing.releaseLimit,
            'the proxies to end a hold',
          ),
      })
      .catch(async (error: unknown) => {
        if (!(error instanceof TimeLimitError)) throw error;
        const { silent } = await findHolders(router, heldAt, slots);
        throw unreleasedProxies(silent);
      });
  }

  /** From now on no client waits: the time is recorded. */
  clientsServed(): void {
    if (this.since !== null) this.ledger.recordHold(this.heldMs);
    this.since = null;
  }

  /** The intent to promote may stand in the log though its append was not answered: it was not carried out. */
  wayBackIsSafe(): void {
    if (this.ledger.promoting) this.context.record({ promoting: false });
    if (!this.ledger.promotionStored) this.context.revokePointOfNoReturn('the router was never told');
  }

  /** Nobody has to end this hold any more. */
  async released(): Promise<void> {
    this.clientsServed();
    await this.context.releaseGuard();
  }

  /** Gives up when the budget is used up, and then keeps back what has not been sent yet. */
  private async tellProxies(slots: readonly TableSlots[], gate: () => void, overdue: Error): Promise<void> {
    const { router } = this.stage.cluster;
    let wanted = true;
    let told = false;
    const gateOfEach = (): void => {
      if (!wanted) throw overdue;
      gate();
      // Until the first proxy is told, no client waits.
      if (!told) this.since = performance.now();
      told = true;
    };
    try {
      const ownPromotion = this.ledger.promotionStored ? this.stage.group : undefined;
      const holding = router.hold(refsOf(slots), gateOfEach, ownPromotion);
      await withTimeout(holding, this.budgetMs, 'the proxies to hold');
    } catch (error) {
      throw error instanceof TimeLimitError ? overdue : error;
    } finally {
      wanted = false;
    }
  }
}

import type { RouterProxy } from '@slotferry/cluster';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { type Command, type Json, LogUnavailable } from '@slotferry/workflow';
import type { Cast, MoveContext } from '../cast';
import { Ledger } from './ledger';
import { PathProblem } from '../path-problem';
import { findHolders, unreleasedProxies } from './proxy-silence';
import { guardFor, timing } from './timing';

/** A hold of one slot's requests inside every proxy, which the router knows nothing of. */
export class ProxyHold {
  readonly ledger: Ledger;
  private since: number | null = null;
  private logIsAway = false;
  /** Has a proxy been told to hold? Null when an earlier attempt began: it may have. */
  private anyTold: boolean | null = null;

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

  /** An intent to hold was recorded once, whatever became of it. */
  get wasBegun(): boolean {
    return this.context.facts.heldAtProxies !== undefined;
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

  /** Not every proxy has answered the order to hold: it may still come to one of them. */
  get unsure(): boolean {
    return this.context.facts.holdUnsure === true;
  }

  /** Until when a proxy may begin to hold after a release, in wall clock milliseconds. */
  get lateUntil(): number {
    return Number(this.context.facts.releasedAt ?? 0) + timing.lateHold;
  }

  /**
   * Tells every proxy to hold; the guard stands before that. Resolves when no request is in flight any more. Throws a PathProblem
   * when that takes longer than the budget: those that hold by then have held clients so long.
   * @param proxies that the router showed a moment ago
   * @param turn is awaited between the intent and the order
   * @param next is announced together with the hold, so that clients who are held do not wait for the log; answers with what sends it
   */
  async begin(
    proxies: readonly RouterProxy[],
    turn: () => Promise<void>,
    next: Command<void>,
  ): Promise<() => Promise<void>> {
    const { cluster, slot } = this.cast;
    const order = {
      target: `proxies of ${cluster.router.kind} ${cluster.router.address}`,
      action: `hold requests of slot ${slot}`,
      send: async (gate: () => void) => {
        this.anyTold = false;
        await turn();
        return this.tell(gate);
      },
    };
    const [hold, sendNext] = await this.context.announce([order, next], {
      facts: { heldAtProxies: true, holdUnsure: true, heldAt: proxies as unknown as Json },
      guard: { name: 'hold', expiresInMs: guardFor(this.budgetMs + timing.releaseAllowance) },
    });
    if (!hold || !sendNext) throw new Error(`${this.context.workflowId}: what was announced cannot be sent`);
    await hold();
    this.context.record({ holdUnsure: false });
    this.context.step('hold');
    return sendNext;
  }

  /** Within the budget: who is told later than that is not told at all. */
  private tell(gate: () => void): Promise<void> {
    const { cluster, ref, slot } = this.cast;
    const overdue = new PathProblem(
      'proxy-unhealthy',
      `not every proxy has begun to hold slot ${slot} within ${this.budgetMs} ms`,
    );
    this.since = performance.now();
    let told = false;
    return inTime(
      (stillWanted) => {
        const gateOfEach = (): void => {
          stillWanted();
          gate();
          // Until the first proxy is told, no client waits.
          if (!told) this.since = performance.now();
          told = true;
          this.anyTold = true;
        };
        return cluster.router.hold([ref], gateOfEach);
      },
      this.budgetMs,
      overdue,
    );
  }

  /** Ends the hold at the source; a target that was detached already is attached again later. */
  async end(reason: string): Promise<void> {
    // Where no byte left for any proxy, nobody holds: what kept it from leaving must not keep the way back closed.
    if (this.anyTold !== false)
      await this.sendRoutes(`release requests of slot ${this.cast.slot}: ${reason}`);
    this.clientsServed();
    // The intent to tell the router may stand in the log though its append was not answered: it was not carried out.
    this.context.record({
      heldAtProxies: false,
      assigning: false,
      drained: null,
      takenBackBecause: reason,
      releasedAt: this.context.now(),
    });
    await this.released();
  }

  /** Sends what the router has stored about the slot to every proxy, which ends any hold of it. Throws a PathProblem that names those that do not answer. */
  async sendRoutes(action: string): Promise<void> {
    const { cluster, ref } = this.cast;
    const command = {
      target: `proxies of ${cluster.router.kind} ${cluster.router.address}`,
      action,
      send: (gate: () => void) =>
        withTimeout(
          cluster.router.release([ref], gate, this.told),
          timing.releaseLimit,
          'the proxies to end a hold',
        ),
    };
    await this.send(command).catch(async (error: unknown) => {
      if (!(error instanceof TimeLimitError)) throw error;
      const { silent } = await findHolders(cluster.router, this.told, ref);
      throw unreleasedProxies(silent, ref);
    });
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

  /** The proxies that were told to hold. */
  get told(): readonly RouterProxy[] {
    return (this.context.facts.heldAt ?? []) as unknown as RouterProxy[];
  }

  /** With the log if it answers, without it once it did not. */
  private async send(command: Command<void>): Promise<void> {
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

/** Gives up after `limitMs`, and then keeps back what has not been sent yet. */
async function inTime(
  ask: (stillWanted: () => void) => Promise<void>,
  limitMs: number,
  overdue: Error,
): Promise<void> {
  let wanted = true;
  const asked = ask(() => {
    if (!wanted) throw overdue;
  });
  try {
    await withTimeout(asked, limitMs, 'the proxies to hold');
  } catch (error) {
    throw error instanceof TimeLimitError ? overdue : error;
  } finally {
    wanted = false;
  }
}

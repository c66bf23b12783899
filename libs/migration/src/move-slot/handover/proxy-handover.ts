import {
  type BinlogPosition,
  formatPosition,
  positionsEqual,
  type RouterProxy,
  type SlotRoute,
} from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import { PikaError, type SlotInfo } from '@slotferry/pika';
import { allEnded, TimeLimitError, withTimeout } from '@slotferry/platform';
import {
  AttemptInterrupted,
  type Command,
  done,
  LogUnavailable,
  type Outcome,
  wait,
} from '@slotferry/workflow';
import { setTimeout as pause } from 'node:timers/promises';
import { block } from '../../outcomes';
import type { Cast, MoveContext } from '../cast';
import { PathProblem, waitFor } from '../path-problem';
import { requireHeldAtProxies, requireRouteAtProxies } from '../proxies';
import { lookAtReadiness } from '../readiness';
import { clearPath } from './clear-path';
import { DrainProof, judgeDrain } from './drain-proof';
import { givenUp } from './given-up';
import { historiesParted } from './histories-parted';
import type { HoldWindows, Seat } from './hold-windows';
import { drainedFact } from './ledger';
import { ProxyHold } from './proxy-hold';
import { findHolders, unreleasedProxies } from './proxy-silence';
import { takeBackLimit, timing } from './timing';

/**
 * One attempt at handing the slot over with its requests held inside the proxies: hold, drain, detach, assign. Back is safe until
 * the intent to assign is recorded: before that no client was sent to the target. From then on only forward.
 */
export class ProxyHandover {
  private readonly hold: ProxyHold;
  private assignSent = false;
  /** The place in a window of holds that are begun and ended together; none for what an earlier attempt began. */
  private seat: Seat | null = null;

  constructor(
    private readonly context: MoveContext,
    private readonly cast: Cast,
    private readonly windows: HoldWindows,
  ) {
    this.hold = new ProxyHold(context, cast);
  }

  async run(): Promise<Outcome> {
    const { to } = this.cast;
    const route = await this.route();
    if (!route) return this.letGo('the router does not answer', 'router-unreachable');
    if (route.group === to && !route.handover) return this.confirm();
    if (route.handover) return this.foreign(route.handover.target);
    if (this.hold.assigning) return this.forward();
    if (this.hold.begun) return this.takeBack('the worker that began it is gone', 'handover-taken-back');
    return this.begin();
  }

  /** Brings the slot back to where its source serves clients. */
  async undo(): Promise<Outcome> {
    const { to, slot } = this.cast;
    const route = await this.route();
    if (route?.group === to) {
      return block(
        'slot-in-use',
        `slot ${slot} belongs to group ${to} by now`,
        'Retry the move instead of cancelling it.',
      );
    }
    if (this.hold.begun) return this.takeBack('the move was cancelled', 'cancelling');
    return this.settle();
  }

  /** Ends what an earlier attempt began, or waits, without another word, for those alone that could not be told. */
  private async takeBack(reason: string, code: string): Promise<Outcome> {
    const { cluster, ref } = this.cast;
    const proxies = await withTimeout(this.hold.proxies(), timing.heldLook, 'the router').catch(() => null);
    if (!proxies) return this.letGo(reason, code);
    const { held, silent } = await findHolders(cluster.router, proxies, ref);
    if (held || silent.length === 0) return this.letGo(reason, code);
    await this.hold.released();
    const { message } = unreleasedProxies(silent, ref);
    return wait('proxy-unhealthy', message, timing.silentPoll);
  }

  /** An order to hold that was given up may still come to a proxy, and nobody looks after this slot any more. */
  private async settle(): Promise<Outcome> {
    if (!this.hold.unsure) return done();
    const rest = this.hold.lateUntil - this.context.now();
    if (rest > 0) return wait('proxy-holds', 'an order to hold may still be under way to a proxy', rest);
    const obstacle = await this.unreleased();
    if (obstacle) return obstacle;
    this.context.record({ holdUnsure: false });
    return done();
  }

  /** Releases a proxy that came to hold after the release. Null when every proxy serves clients at the source. */
  private async unreleased(): Promise<Outcome | null> {
    const { cluster, ref, slot, sourceMaster } = this.cast;
    try {
      const { proxies } = await cluster.router.view();
      await requireRouteAtProxies(cluster.router, proxies, ref, sourceMaster.address);
      return null;
    } catch (error) {
      if (!(error instanceof PathProblem)) throw error;
      if (error.code === 'proxy-holds') await this.hold.sendRoutes(`release requests of slot ${slot} again`);
      return wait(error.code, error.message, timing.lateRetry);
    }
  }

  /** Clients that are held do not wait for a router that does not answer: null then. */
  private async route(): Promise<SlotRoute | null> {
    const { cluster, ref, from } = this.cast;
    if (!this.hold.wasBegun) {
      // Nothing was begun, and what others saw a moment ago is as it was: whoever holds looks again.
      const seen = await cluster.router.route(ref, timing.sharedLook);
      if (seen.group === from && !seen.handover) return seen;
    }
    const asked = cluster.router.route(ref);
    if (!this.hold.begun || this.hold.assigning) return asked;
    return withTimeout(asked, timing.heldLook, 'the router').catch((error: unknown) => {
      if (error instanceof TimeLimitError || error instanceof CodisError) return null;
      throw error;
    });
  }

  private async begin(): Promise<Outcome> {
    if (this.context.state.guard) await this.hold.released();
    this.context.revokePointOfNoReturn('the router was never told');
    const { drained } = this.hold.ledger;
    if (drained) {
      const parted = await historiesParted(this.cast, drained);
      if (parted) return parted;
      this.context.record({ drained: null });
    }
    if (this.context.cancelRequested) return wait('cancelling', 'the move is being cancelled', 0);
    const { ledger } = this.hold;
    if (ledger.takenBack >= takeBackLimit && !this.context.approved('hold-budget-exceeded'))
      return givenUp(ledger);
    const { maxStallMs } = this.cast.cluster.definition.migration;
    const readiness = await lookAtReadiness(this.cast, this.context.now());
    const alone = readiness.kind === 'following' && readiness.targetLag > timing.sharedLagBytes;
    const wishes = { limitMs: timing.turnLimit, maxStallMs, alone };
    const outcome = await this.windows.run(wishes, (seat) => this.whenItsTurn(seat));
    return outcome ?? wait('holds-queued', 'other slots of this cluster are being handed over', 50);
  }

  private async whenItsTurn(seat: Seat): Promise<Outcome> {
    this.seat = seat;
    const unreleased = this.hold.unsure ? await this.unreleased() : null;
    if (unreleased) return unreleased;
    await Promise.all([this.cast.sourceMaster.prepare(), this.cast.targetMaster.prepare()]);
    const path = await clearPath(this.context, this.cast, this.hold.ledger);
    return 'obstacle' in path ? path.obstacle : this.holdAndDrain(seat, path.view.proxies);
  }

  /** Whatever goes wrong, clients are not left held. */
  private async holdAndDrain(seat: Seat, proxies: readonly RouterProxy[]): Promise<Outcome> {
    try {
      const gathered = (): Promise<void> => seat.together('hold', timing.gatherLimit);
      const detach = await this.hold.begin(proxies, gathered, this.detachment(seat));
      const drained = await this.drain();
      if (typeof drained === 'string') return await this.letGo(drained, 'hold-budget-exceeded');
      if (this.context.cancelRequested) return await this.letGo('the move is being cancelled', 'cancelling');
      this.context.record(drainedFact(drained, this.cast));
      // Back is safe whatever comes of these; all have come to their end before anything else is sent.
      const ends = allEnded([detach(), this.stillHeld()]);
      const what = `${this.cast.targetMaster.address} to detach slot ${this.cast.slot}, and the proxies to tell what they hold`;
      await this.inBudget(ends, what);
      this.context.step('drain', { position: formatPosition(drained) });
      const stoodStill = (): Promise<void> =>
        this.inBudget(
          this.requireDrained(drained),
          `the nodes of slot ${this.cast.slot} to tell whether it stood still`,
        );
      return await this.assign(drained, stoodStill);
    } catch (error) {
      if (this.assignSent) throw error;
      if (error instanceof AttemptInterrupted && this.hold.begun)
        return this.letGo('the move is being cancelled', 'cancelling');
      const reason = reasonOf(error);
      if (reason) return this.letGo(reason.message, reason.code);
      // An intent that could not be stored was not followed by its command.
      if (error instanceof LogUnavailable) await this.hold.end('the event log is away');
      throw error;
    }
  }

  /** The drained position, or why there is none. */
  private async drain(): Promise<BinlogPosition | string> {
    const { sourceMaster, targetMaster, slot, table } = this.cast;
    const proof = new DrainProof();
    for (;;) {
      const left = this.hold.budgetMs - this.hold.heldMs;
      if (left <= 0) return 'the target did not catch up within the hold budget';
      const [source, target] = await withTimeout(
        Promise.all([sourceMaster.slot(slot, table), targetMaster.slot(slot, table)]),
        left,
        `${sourceMaster.address} and ${targetMaster.address} to tell how far slot ${slot} is`,
      );
      const look = judgeDrain(
        { address: sourceMaster.address, info: source },
        { address: targetMaster.address, info: target },
      );
      if (look.kind === 'loose') return look.message;
      const drained = proof.add(look);
      if (drained) return drained;
      if (!proof.nearlyProven) await pause(1);
    }
  }

  /** Not the point of no return yet: no client is sent to the target before the router is told. */
  private detachment(seat: Seat): Command<void> {
    const { targetMaster, sourceMaster, slot, table } = this.cast;
    return {
      target: `pika ${targetMaster.address}`,
      action: `detach slot ${slot} from ${sourceMaster.address}`,
      send: async (gate) => {
        await seat.together('detach', timing.stepLimit);
        return targetMaster.detach([slot], table, gate);
      },
    };
  }

  private async stillHeld(): Promise<void> {
    const { router } = this.cast.cluster;
    const told = this.hold.told;
    const [proxies] = await Promise.all([
      this.hold.proxies(),
      requireHeldAtProxies(router, told, this.cast.ref),
    ]);
    const stranger = proxies.find(({ token }) => !told.some((proxy) => proxy.token === token));
    if (stranger)
      throw new PathProblem(
        'hold-lost',
        `proxy ${stranger.admin} came up after the others were told to hold`,
      );
  }

  private inBudget<T>(work: Promise<T>, what: string): Promise<T> {
    return withTimeout(work, Math.max(1, this.hold.budgetMs - this.hold.heldMs), what);
  }

  /** The hold must have lasted until after the detach: somebody else may have ended it. */
  private async requireDrained(drained: BinlogPosition): Promise<void> {
    const { sourceMaster, targetMaster, slot, table } = this.cast;
    const [source, target] = await Promise.all([
      sourceMaster.slot(slot, table),
      targetMaster.slot(slot, table),
    ]);
    if (target?.following)
      throw new PathProblem('hold-lost', `${targetMaster.address} still follows its master`);
    if (
      source &&
      target &&
      positionsEqual(source.position, drained) &&
      positionsEqual(target.position, drained)
    )
      return;
    throw new PathProblem(
      'hold-lost',
      `${sourceMaster.address} took a write while its slot was held: somebody ended the hold`,
    );
  }

  private async assign(
    drained: BinlogPosition,
    proof: () => Promise<void> = () => this.requireDrained(drained),
  ): Promise<Outcome> {
    const { cluster, ref, to, slot } = this.cast;
    await this.context.command(
      {
        target: `${cluster.router.kind} ${cluster.router.address}`,
        action: `assign slot ${slot} to group ${to}`,
        send: async (gate) => {
          // Storing the intent took time, in which clients may have been let go.
          await this.seat?.together('assign', timing.stepLimit);
          await proof();
          this.assignSent = true;
          return cluster.router.assign([ref], to, gate);
        },
      },
      {
        facts: { assigning: true },
        pointOfNoReturn: 'the router is about to be told to send clients to the target',
        // The last moment at which a cancel is cheap.
        unlessCancelled: true,
        guard: { name: 'hold', expiresInMs: timing.detachGuard },
      },
    );
    this.served();
    return this.confirm();
  }

  /** Clients wait no more: others may be held while this goes on to confirm. */
  private served(): void {
    this.hold.clientsServed();
    this.seat?.served(this.hold.ledger.heldMs);
  }

  /** The intent to assign is recorded: it may have been carried out, or may still be. */
  private async forward(): Promise<Outcome> {
    const { sourceMaster, targetMaster, slot, table } = this.cast;
    const { drained } = this.hold.ledger;
    const [source, target] = await Promise.all([
      sourceMaster.slot(slot, table).catch((error: unknown) => {
        if (error instanceof PikaError && drained) return error;
        throw error;
      }),
      targetMaster.slot(slot, table),
    ]);
    if (source instanceof PikaError) return this.forwardWithoutSource(source, drained, target);
    if (!drained || (source && !positionsEqual(source.position, drained))) {
      if (this.context.approved('hold-lost')) return this.reopenWayBack();
      const whose =
        this.cast.drainedFrom === sourceMaster.address
          ? ''
          : ` (that was ${this.cast.drainedFrom}, which was replaced)`;
      return block(
        'hold-lost',
        `${sourceMaster.address} does not stand where slot ${slot} was drained${drained ? `, at ${formatPosition(drained)}` : ''}${whose}: the hold ended before the router was told`,
        'Clients are served by the source. Make sure that the router has no change of this slot under way, then let the handover begin anew: slotferry workflow approve <id> --code hold-lost',
      );
    }
    if (target?.following)
      return wait('target-attached', `${targetMaster.address} follows ${target.following.master} again`, 200);
    return this.assign(drained).catch((error: unknown) => waitFor(error, 0));
  }

  /**
   * The source has died meanwhile. Nobody holds a slot a second time: as long as every proxy does, the hold has lasted, and no
   * client was sent to the source since it was drained.
   */
  private async forwardWithoutSource(
    away: PikaError,
    drained: BinlogPosition | null,
    target: SlotInfo | null,
  ): Promise<Outcome> {
    if (!drained || !target || target.following || !positionsEqual(target.position, drained)) throw away;
    return this.assign(drained, () => this.stillHeld()).catch((error: unknown) => waitFor(error, 200));
  }

  private reopenWayBack(): Outcome {
    this.context.record({ assigning: false, heldAtProxies: false });
    this.context.revokePointOfNoReturn('an operator made sure that the router was never told');
    return wait('handover-taken-back', 'the handover begins anew', 0);
  }

  /** The router, and every proxy, send the slot to the target. */
  private async confirm(): Promise<Outcome> {
    const { cluster, ref, targetMaster } = this.cast;
    const { router } = cluster;
    const { routes, proxies } = await router.view();
    const route = routes.find(({ table, slot }) => table === ref.table && slot === ref.slot);
    if (route?.group !== this.cast.to)
      return wait('route-unconfirmed', 'the router does not show the slot at the target yet', 20);
    try {
      await requireRouteAtProxies(router, proxies, ref, targetMaster.address);
    } catch (error) {
      if (!(error instanceof PathProblem)) throw error;
      // A proxy that was told to hold may have come to it only now, or was away when the router told it the new route.
      await this.hold.sendRoutes(`send the routes of slot ${this.cast.slot} to the proxies again`);
      return wait(error.code, error.message, 50);
    }
    this.hold.clientsServed();
    this.context.releaseGuardAtEnd();
    this.context.record({ heldAtProxies: false, assigning: false });
    this.context.step('confirm-route');
    return done({ heldMs: this.hold.ledger.heldMs });
  }

  private async letGo(reason: string, code: string): Promise<Outcome> {
    if (code === 'hold-budget-exceeded') this.hold.ledger.recordTakeBack(reason);
    try {
      await this.hold.end(reason);
    } catch (error) {
      return waitFor(error, timing.lateRetry);
    } finally {
      this.seat?.served(Math.max(this.hold.ledger.heldMs, this.hold.heldMs));
    }
    const turningBack = this.context.direction === 'undo' || this.context.cancelRequested;
    const pollAfterMs = turningBack ? 0 : timing.afterRelease;
    return wait(code, `clients were released at the source: ${reason}`, pollAfterMs);
  }

  private async foreign(target: number): Promise<Outcome> {
    if (this.hold.begun && !this.hold.assigning) await this.hold.end('the router hands the slot over itself');
    return block(
      'handover-under-way',
      `the router is handing slot ${this.cast.slot} over to group ${target}, begun by somebody else`,
      'Let it finish, or take it back at the router; this move goes on by itself afterwards.',
    );
  }
}

/** What an error during a hold means for the move, or null when it is none of the cluster. */
function reasonOf(error: unknown): { code: string; message: string } | null {
  if (error instanceof TimeLimitError) return { code: 'hold-budget-exceeded', message: error.message };
  if (error instanceof PikaError) return { code: 'node-unreachable', message: error.message };
  if (error instanceof PathProblem) return { code: error.code, message: error.message };
  if (error instanceof CodisError) return { code: 'proxy-unhealthy', message: error.message };
  return null;
}

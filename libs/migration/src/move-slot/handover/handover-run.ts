import { type BinlogPosition, comparePositions, formatPosition, type SlotRoute } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import { PikaError } from '@slotferry/pika';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { done, LogUnavailable, type Outcome, wait } from '@slotferry/workflow';
import { setTimeout as pause } from 'node:timers/promises';
import { block } from '../../outcomes';
import type { Cast, MoveContext } from '../cast';
import { PathProblem, waitFor } from '../path-problem';
import { requireRouteAtProxies } from '../proxies';
import { nextBeat } from './beat';
import { calm } from './calm';
import { clearPath } from './clear-path';
import { detachTarget } from './detach-target';
import { type DrainLook, DrainProof, judgeDrain } from './drain-proof';
import { givenUp } from './given-up';
import { historiesParted } from './histories-parted';
import { Hold } from './hold';
import { takeBackLimit, timing } from './timing';
import type { Turn, TurnOrder } from './turn-order';

/**
 * One attempt at handing the slot over by an action of the router: hold, drain, switch, without a pause in between. Wherever an earlier attempt stopped, the
 * router's word and the log together say which way is safe: back until the intent to detach is recorded, from then on forward.
 */
export class HandoverRun {
  private readonly hold: Hold;
  private detachSent = false;

  constructor(
    private readonly context: MoveContext,
    private readonly cast: Cast,
    private readonly order: TurnOrder,
  ) {
    this.hold = new Hold(context, cast);
  }

  async run(): Promise<Outcome> {
    const route = await this.hold.look();
    if (route.group === this.cast.to && !route.handover) return this.confirm();
    if (!route.handover) return this.begin();
    if (route.handover.target !== this.cast.to || !this.isOurs) return this.foreign(route);
    if (this.hold.ledger.drained) return this.forward();
    return this.endLeftOver(route);
  }

  /** Brings the slot back to where clients are served by its source, and nothing is queued. */
  async undo(): Promise<Outcome> {
    const route = await this.hold.look();
    if (route.group === this.cast.to && !route.handover) {
      return block(
        'slot-in-use',
        `slot ${this.cast.slot} belongs to group ${this.cast.to} by now`,
        'Retry the move instead of cancelling it.',
      );
    }
    if (route.handover && this.isOurs) return this.endLeftOver(route);
    if (this.context.state.guard) await this.hold.finishTakeBack();
    return done();
  }

  /** An action for this slot and target is ours if we recorded that we would queue it. */
  private get isOurs(): boolean {
    return typeof this.context.facts.queuedAt === 'number';
  }

  private async begin(): Promise<Outcome> {
    // A guard without a hold: an earlier attempt took it back while the log was away.
    if (this.context.state.guard) await this.hold.finishTakeBack();
    const parted = await this.reopenWayBack();
    if (parted) return parted;
    if (this.context.cancelRequested) return wait('cancelling', 'the move is being cancelled', 0);
    const { ledger } = this.hold;
    if (ledger.takenBack >= takeBackLimit && !this.context.approved('hold-budget-exceeded'))
      return givenUp(ledger);
    const turn = await this.order.join(timing.turnLimit);
    if (!turn) return wait('holds-queued', 'other slots of this cluster are being handed over', 50);
    try {
      return await this.whenItsTurn(turn);
    } finally {
      turn.over();
    }
  }

  private async whenItsTurn(turn: Turn): Promise<Outcome> {
    const obstacle = await this.pathIsClear();
    if (obstacle) return obstacle;
    await Promise.all([this.cast.sourceMaster.prepare(), this.cast.targetMaster.prepare()]);
    await calm(timing.calmLimit);
    await this.hold.queue();
    return this.drainGuarded(turn);
  }

  /**
   * An intent to detach whose hold is over: clients are at the source again. If the target has taken no write, the way back is
   * open again; a target that was in fact detached is attached anew.
   */
  private async reopenWayBack(): Promise<Outcome | null> {
    const { drained } = this.hold.ledger;
    // Committed without a drained position: a hold taken back after the intent, with the router paused.
    if (!drained && !this.context.state.committed) return null;
    const parted = drained ? await historiesParted(this.cast, drained) : null;
    if (parted) return parted;
    this.context.record({ drained: null });
    this.context.revokePointOfNoReturn(
      'the router sends clients to the source, and the target has taken no write',
    );
    return null;
  }

  /** The router takes handovers, and the whole path is healthy. */
  private async pathIsClear(): Promise<Outcome | null> {
    const path = await clearPath(this.context, this.cast, this.hold.ledger);
    if ('obstacle' in path) return path.obstacle;
    if (!path.view.handovers.disabled) return null;
    if (!this.hold.ledger.pausedRouter) {
      return block(
        'handovers-disabled',
        'the router starts no handovers: they are disabled',
        'Enable slot actions at the dashboard.',
      );
    }
    await this.resumeRouter();
    return this.pathIsClear();
  }

  /** Whatever goes wrong with our own side meanwhile, clients are not left held. */
  private async drainGuarded(turn: Turn): Promise<Outcome> {
    try {
      return await this.drainWhenHeld(turn);
    } catch (error) {
      if (error instanceof CodisError) return wait('router-unreachable', error.message, 100);
      // An intent that could not be stored was not followed by its command: the target is still attached.
      if (error instanceof LogUnavailable && !this.detachSent) await this.letGo();
      throw error;
    }
  }

  private async letGo(): Promise<void> {
    this.hold.logIsAway = true;
    const { handover } = await this.cast.cluster.router.route(this.cast.ref);
    if (!handover || handover.state === 'finishing') return;
    if (handover.state === 'queued' && (await this.hold.withdraw())) return;
    await this.hold.takeBack('the event log is away');
  }

  /** From the router's queue to the detached target, hot. Every way out of it ends the hold or goes on with it. */
  private async drainWhenHeld(turn: Turn): Promise<Outcome> {
    const proof = new DrainProof();
    let [queuedAt, cancelReadAt] = [performance.now(), performance.now()];
    for (;;) {
      const route = await this.hold.look();
      if (route.group === this.cast.to && !route.handover) return this.confirm();
      if (!route.handover) return this.vanished();
      switch (route.handover.state) {
        case 'queued': {
          const now = performance.now();
          if (now - cancelReadAt > timing.cancelPoll) {
            await this.context.refresh();
            cancelReadAt = now;
          }
          if (this.context.cancelRequested || now - queuedAt > timing.queuedLimit) {
            if (await this.hold.withdraw()) return this.withdrawn();
            queuedAt = now;
          }
          await turn.near(timing.distantPoll);
          await nextBeat(timing.queuedPoll);
          break;
        }
        case 'locking':
          if (this.hold.overBudget)
            return this.takeBack('the proxies did not hold in time', 'hold-budget-exceeded');
          await pause(timing.heldPoll);
          break;
        case 'holding': {
          const outcome = await this.drain(proof);
          if (outcome) return outcome;
          break;
        }
        case 'finishing':
          return this.confirm();
      }
    }
  }

  /** One look while every proxy holds. Null to look again. */
  private async drain(proof: DrainProof): Promise<Outcome | null> {
    if (this.hold.overBudget)
      return this.takeBack('the target did not catch up within the hold budget', 'hold-budget-exceeded');
    if (this.context.cancelRequested) return this.takeBack('the move was cancelled', 'cancelling');
    try {
      let drained = await this.lookAtDrain(proof);
      // What the router shows costs it more than the nodes what they show: the second look follows the first at once.
      if (drained === null && proof.nearlyProven) drained = await this.lookAtDrain(proof);
      if (drained === null) {
        await pause(1);
        return null;
      }
      if ('kind' in drained) return await this.takeBack(drained.message, 'attaching');
      await this.hold.guarded();
      // Arming the guard has told whether an operator wants it back: the last moment at which that is cheap.
      if (this.context.cancelRequested) return await this.takeBack('the move was cancelled', 'cancelling');
      await this.detach(drained);
      return await this.confirm();
    } catch (error) {
      return this.drainFailed(error);
    }
  }

  /** One look at both ends: the drained position once it is proven, null when there is more to wait for, or why it cannot come. */
  private async lookAtDrain(
    proof: DrainProof,
  ): Promise<BinlogPosition | Extract<DrainLook, { kind: 'loose' }> | null> {
    const { sourceMaster, targetMaster, slot, table } = this.cast;
    // A node that hangs must not hold clients for as long as a command may take.
    const [source, target] = await withTimeout(
      Promise.all([sourceMaster.slot(slot, table), targetMaster.slot(slot, table)]),
      Math.max(1, this.hold.budgetMs - this.hold.heldMs),
      `${sourceMaster.address} and ${targetMaster.address} to tell how far slot ${slot} is`,
    );
    const look = judgeDrain(
      { address: sourceMaster.address, info: source },
      { address: targetMaster.address, info: target },
    );
    return look.kind === 'loose' ? look : proof.add(look);
  }

  /** A node failed while clients are held: back if nothing can have been detached, forward if it can. */
  private async drainFailed(error: unknown): Promise<Outcome> {
    if (error instanceof TimeLimitError) return this.takeBack(error.message, 'hold-budget-exceeded');
    if (!(error instanceof PikaError)) throw error;
    if (this.hold.ledger.drained === null) return this.takeBack(error.message, 'node-unreachable');
    return this.forward();
  }

  /** The intent to detach is recorded: nothing but forward, as long as the target can be reached. */
  private async forward(): Promise<Outcome> {
    const { targetMaster, slot, table, sourceMaster } = this.cast;
    const { drained } = this.hold.ledger;
    const startedAt = performance.now();
    const proof = new DrainProof();
    while (performance.now() - startedAt < timing.detachLimit) {
      const route = await this.hold.look();
      if (route.group === this.cast.to && !route.handover) return this.confirm();
      if (!route.handover)
        return wait('handover-gone', 'the handover was taken away at the router; looking again', 100);
      try {
        const asked = sourceMaster.slot(slot, table);
        // Needed only while the target is attached: it is no matter then if the source has died.
        asked.catch(() => undefined);
        const target = await targetMaster.slot(slot, table);
        if (target && !target.following) {
          // Alone by a restart, it may have come back without the end of what it had.
          if (drained && comparePositions(target.position, drained) < 0) break;
          return await this.confirm();
        }
        const look = judgeDrain(
          { address: sourceMaster.address, info: await asked },
          { address: targetMaster.address, info: target },
        );
        const position = route.handover.state === 'holding' ? proof.add(look) : null;
        if (position) {
          await this.detach(position);
          return await this.confirm();
        }
      } catch (error) {
        if (!(error instanceof PikaError)) throw error;
      }
      await pause(timing.heldPoll);
    }
    return this.wayBackAfterIntent(drained ? formatPosition(drained) : 'an unknown position');
  }

  /**
   * The target died between the intent to detach and the detach. Going back is safe only if the router cannot finish meanwhile:
   * its handovers are paused first, and the slot is assigned back only if it is still held then.
   */
  private async wayBackAfterIntent(position: string): Promise<Outcome> {
    const { router } = this.cast.cluster;
    const target = `${router.kind} ${router.address}`;
    await this.context.command(
      { target, action: 'pause handovers', send: (gate) => router.setHandoversDisabled(true, gate) },
      { facts: { pausedRouter: true } },
    );
    const startedAt = performance.now();
    while (
      (await router.view()).handovers.executing > 0 &&
      performance.now() - startedAt < timing.confirmLimit
    ) {
      await pause(timing.queuedPoll);
    }
    const route = await this.hold.look();
    const held = route.handover?.state === 'holding' || route.handover?.state === 'locking';
    if (held)
      await this.hold.takeBack(`${this.cast.targetMaster.address} cannot be reached, drained at ${position}`);
    await this.resumeRouter();
    if (!held) return wait('handover-gone', 'the router went on meanwhile; looking again', 100);
    return wait(
      'node-unreachable',
      `${this.cast.targetMaster.address} could not be detached; the slot is back at its source`,
      timing.afterTakeBack,
    );
  }

  private async resumeRouter(): Promise<void> {
    const { router } = this.cast.cluster;
    await this.context.command({
      target: `${router.kind} ${router.address}`,
      action: 'go on with handovers',
      send: (gate) => router.setHandoversDisabled(false, gate),
    });
    this.context.record({ pausedRouter: false });
  }

  /** The router, and every proxy, send the slot to the target. */
  private async confirm(): Promise<Outcome> {
    const { cluster, ref, targetMaster, slot, table, to } = this.cast;
    const startedAt = performance.now();
    for (;;) {
      const route = await this.hold.look();
      if (route.group === to && !route.handover) break;
      if (!route.handover)
        return wait('handover-gone', 'the handover was taken away at the router; looking again', 100);
      if (performance.now() - startedAt > timing.confirmLimit) {
        return wait(
          'route-unconfirmed',
          `the router has not switched slot ${slot} yet (${route.handover.state})`,
          100,
        );
      }
      await pause(timing.switchPoll);
    }
    if (this.hold.ledger.pausedRouter) await this.resumeRouter();
    const target = await targetMaster.slot(slot, table).catch(async (error: unknown) => {
      // No client is held any more: nobody has to take over every second until the target is back.
      if (this.context.state.guard) await this.hold.released();
      throw error;
    });
    if (target?.following) return this.detachLate();
    if (this.context.state.guard) await this.hold.released();
    try {
      const { proxies } = await cluster.router.view();
      await requireRouteAtProxies(cluster.router, proxies, ref, targetMaster.address);
    } catch (error) {
      if (error instanceof PathProblem) return waitFor(error, 200);
      throw error;
    }
    this.context.step('confirm-route');
    return done({ heldMs: this.hold.ledger.heldMs });
  }

  /** The router switched though we had not detached the target: it refuses writes until that is done. */
  private async detachLate(): Promise<Outcome> {
    const { sourceMaster, targetMaster, slot, table } = this.cast;
    const source = await sourceMaster.slot(slot, table);
    const listed = source?.slaves.find((slave) => slave.address === targetMaster.address);
    if (source && listed?.lag === 0) {
      await this.detach(source.position);
      return wait('route-unconfirmed', 'the target is the master now', 0);
    }
    return wait(
      'draining-late',
      `the router sends slot ${slot} to ${targetMaster.address}, which has not caught up yet`,
      50,
    );
  }

  private async endLeftOver(route: SlotRoute): Promise<Outcome> {
    if (route.handover?.state === 'finishing') return this.confirm();
    if (route.handover?.state === 'queued' && (await this.hold.withdraw())) return this.withdrawn();
    return this.takeBack('the worker that began it is gone', 'handover-taken-back');
  }

  private async takeBack(reason: string, code: string): Promise<Outcome> {
    await this.hold.takeBack(reason);
    const turningBack = this.context.direction === 'undo' || this.context.cancelRequested;
    const pollAfterMs = turningBack ? 0 : timing.afterTakeBack;
    return wait(code, `clients were released at the source: ${reason}`, pollAfterMs);
  }

  private async withdrawn(): Promise<Outcome> {
    await this.hold.released();
    if (this.context.cancelRequested) return wait('cancelling', 'the move is being cancelled', 0);
    return wait('router-busy', 'the router did not come to this slot; it is queued again later', 1_000);
  }

  private async vanished(): Promise<Outcome> {
    await this.hold.released();
    return wait('handover-gone', 'somebody else took the handover back at the router', 1_000);
  }

  private async foreign(route: SlotRoute): Promise<Outcome> {
    if (this.context.state.guard) await this.hold.released();
    return block(
      'handover-under-way',
      `the router is handing slot ${this.cast.slot} over to group ${route.handover?.target}, begun by somebody else`,
      'Let it finish, or take it back at the router; this move goes on by itself afterwards.',
    );
  }

  private async detach(drained: BinlogPosition): Promise<void> {
    await detachTarget(this.context, this.cast, drained, () => (this.detachSent = true));
    this.context.step('drain', { position: formatPosition(drained) });
  }
}

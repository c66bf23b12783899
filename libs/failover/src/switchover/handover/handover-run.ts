import type { RouterView, TableSlots } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { AttemptInterrupted, done, LogUnavailable, type Outcome, wait } from '@slotferry/workflow';
import { block } from '../../outcomes';
import type { SlotPositions } from '../../store/types';
import { lookAtCopies, positionsOf } from '../../slots/copies';
import { PathProblem, waitFor } from '../path-problem';
import { findHolders, requireHeld } from '../proxies';
import {
  type Stage,
  type Standing,
  standingOf,
  type SwitchoverContext,
  type SwitchoverParts,
} from '../stage';
import { timing } from '../timing';
import { clearPath } from './clear-path';
import { confirmRoutes } from './confirm-routes';
import { drain, requireDrained, requireDrainedIfThere } from './drain';
import { GroupHold } from './group-hold';
import { drainedFact, slotsFact } from './ledger';
import { detachReplica, isSurelyRefused, Promotion } from './promotion';
import { quietRouter, wakeRouter, wakeRouterIfItAnswers } from './quiet-router';
import { reattachReplica } from './reattach-replica';
import { takeBackHold } from './take-back-hold';
import { waitForReplication } from './unheld';
import { givenUp, letGo, reasonOf } from './ways-back';

/**
 * One attempt at letting both nodes change places with the group's requests held inside the proxies: hold, drain, detach, promote.
 * Back is safe until the intent to promote is recorded: before that no client was sent to the new master, so that it can follow
 * the old one again from where it stands. From then on only forward.
 */
export class HandoverRun {
  private readonly hold: GroupHold;
  private readonly promotion: Promotion;

  constructor(
    private readonly context: SwitchoverContext,
    private readonly stage: Stage,
    private readonly parts: SwitchoverParts,
  ) {
    this.hold = new GroupHold(context, stage);
    this.promotion = new Promotion(context, stage, parts.memory);
  }

  async run(): Promise<Outcome> {
    const { ledger } = this.hold;
    const view = await this.look();
    if (!view && ledger.promoting)
      return wait(
        'router-unreachable',
        'the router does not say whether it has carried out the promotion',
        timing.lateRetry,
      );
    if (!view) return this.goBack('router-unreachable', 'the router does not answer');
    const standing = standingOf(view, this.stage);
    if (standing.place === 'after' && (ledger.promoting || ledger.promoted))
      return this.arrived(view, standing);
    if (standing.place !== 'before') return this.overtaken(standing);
    if (ledger.promoting) return this.forward(view, standing);
    if (ledger.held) {
      return takeBackHold(this.context, this.stage, this.hold, 'the worker that began it is gone');
    }
    return this.begin();
  }

  /** Held clients do not wait for a router that does not answer: null then. */
  private async look(): Promise<RouterView | null> {
    const { ledger } = this.hold;
    const asked = this.stage.cluster.router.view();
    if (!ledger.held && !ledger.promoting) return asked;
    return withTimeout(asked, timing.heldLook, 'the router').catch((error: unknown) => {
      if (error instanceof TimeLimitError || error instanceof CodisError) return null;
      throw error;
    });
  }

  private async begin(): Promise<Outcome> {
    const { context, stage, hold } = this;
    if (context.state.guard) await hold.released();
    await wakeRouter(context, stage, hold.ledger);
    if (!hold.ledger.promotionStored) context.revokePointOfNoReturn('the router was never told');
    if (context.cancelRequested) return wait('cancelling', 'the switchover is being cancelled', 0);
    const obstacle = givenUp(context, hold) ?? (await reattachReplica(context, stage, hold));
    if (obstacle) return obstacle;
    try {
      const path = await clearPath(context, stage, this.parts, hold);
      if (path.kind !== 'clear') return path;
      await Promise.all([stage.from.prepare(), stage.to.prepare()]);
      await quietRouter(context, stage, hold.ledger);
      if (path.unheld === null) return await this.holdAndPromote(path.slots);
      return await this.promoteUnheld(path.slots, path.unheld);
    } catch (error) {
      if (error instanceof AttemptInterrupted) await wakeRouterIfItAnswers(context, stage, hold.ledger);
      return waitFor(error, timing.busyPoll);
    }
  }

  /** Whatever goes wrong before the promotion, clients are not left held. */
  private async holdAndPromote(slots: readonly TableSlots[]): Promise<Outcome> {
    const { context, stage, hold } = this;
    const { router } = stage.cluster;
    try {
      const { proxies } = await router.view();
      await hold.begin(slots, proxies);
      const drained = await drain(stage, slots, hold);
      await withTimeout(
        requireHeld(router, proxies, slots),
        hold.leftMs,
        'the proxies to tell what they hold',
      );
      await detachReplica(context, stage, slots, drained);
      context.step('drain');
      // The last moment at which a cancel is cheap.
      const checks = Promise.all([requireDrained(stage, slots, drained), context.refresh()]);
      await withTimeout(checks, hold.leftMs, 'both nodes to tell whether the slots stood still');
      if (context.cancelRequested)
        return await this.goBack('cancelling', 'the switchover is being cancelled');
      return await this.promote(drained, () =>
        withTimeout(
          requireDrained(stage, slots, drained),
          hold.leftMs,
          'both nodes to tell where they stand',
        ),
      );
    } catch (error) {
      if (this.promotion.sent) throw error;
      const reason = reasonOf(error);
      if (reason) return this.goBack(reason.code, reason.message);
      // An intent that could not be stored was not followed by its command.
      if (error instanceof LogUnavailable) await hold.endWithoutLog('the event log is away');
      throw error;
    }
  }

  /** Where requests cannot be held and an operator accepts what that costs. */
  private async promoteUnheld(slots: readonly TableSlots[], why: string): Promise<Outcome> {
    const { context, stage } = this;
    await waitForReplication(stage, slots);
    context.record({ ...slotsFact(slots), unheld: why });
    context.step('unheld', { why });
    const before = positionsOf(await lookAtCopies(stage.to, slots), slots);
    await detachReplica(context, stage, slots, before);
    // What arrived between both looks belongs to the history of the new master.
    const detached = positionsOf(await lookAtCopies(stage.to, slots), slots);
    context.record(drainedFact(detached));
    return this.promote(detached, () => Promise.resolve());
  }

  private async promote(positions: SlotPositions, check: () => Promise<void>): Promise<Outcome> {
    try {
      await this.promotion.promote(positions, check);
    } catch (error) {
      if (!this.promotion.sent) throw error;
      if (isSurelyRefused(error)) return this.goBack(error.code, error.message);
      if (!(error instanceof CodisError)) throw error;
      return wait('promotion-unconfirmed', error.message, 0);
    }
    this.hold.clientsServed();
    const view = await this.stage.cluster.router.view();
    return this.arrived(view, standingOf(view, this.stage));
  }

  /** The router names the new master. A promotion that is still stored is completed by the same request. */
  private async arrived(view: RouterView, { record }: Standing): Promise<Outcome> {
    const { context, stage, hold } = this;
    if (record?.promoting) {
      const { router } = stage.cluster;
      await context.command({
        target: `${router.kind} ${router.address}`,
        action: `complete the promotion of ${stage.to.address} in group ${stage.group}`,
        send: (gate) => router.promote(stage.group, stage.to.address, gate),
      });
    }
    const obstacle = await confirmRoutes(stage, hold, view.proxies);
    if (obstacle) return obstacle;
    await wakeRouter(context, stage, hold.ledger);
    context.record({ held: false, promoting: false, promotionStored: false, promoted: true });
    await hold.released();
    context.step('promoted', { master: stage.to.address });
    return done({ heldMs: hold.ledger.heldMs });
  }

  /** The intent to promote is recorded, and the router still names the old master. */
  private async forward(view: RouterView, { record }: Standing): Promise<Outcome> {
    const { context, stage, hold } = this;
    const { ledger } = hold;
    const { slots, drained } = ledger;
    if (!drained) return this.goBack('hold-lost', 'nothing was drained');
    if (record?.promoting) context.record({ promotionStored: true });
    // Clients write to the old master all the time: the longer ago the new one was detached, the more would be lost.
    if (ledger.unheld) return this.goBack('promotion-unfinished', 'the router has not carried it out');
    const { held, free } = await findHolders(stage.cluster.router, view.proxies, slots);
    try {
      if (!held || free) throw new PathProblem('hold-lost', 'not every proxy holds the group any more');
      await requireDrainedIfThere(stage, slots, drained);
      return await this.promote(drained, () => requireDrainedIfThere(stage, slots, drained));
    } catch (error) {
      if (this.promotion.sent) throw error;
      const reason = reasonOf(error);
      if (!reason) throw error;
      if (reason.code !== 'hold-lost' || record?.promoting || context.approved('hold-lost')) {
        return this.goBack(reason.code, reason.message);
      }
      return this.standStill(reason.message);
    }
  }

  /** Whether the router got the order is not known, and writes may have slipped in: nobody is left held, and an operator looks. */
  private async standStill(why: string): Promise<Outcome> {
    try {
      await this.hold.sendRoutes(`release requests of group ${this.stage.group}: ${why}`);
    } catch (error) {
      return waitFor(error, timing.lateRetry);
    }
    await this.hold.released();
    return block(
      'hold-lost',
      `${why}, after the router was about to be told`,
      'Clients are served by the old master. Make sure that the router has no change of this group under way, then let the switchover begin anew: slotferry workflow approve <id> --code hold-lost',
    );
  }

  private async overtaken({ record }: Standing): Promise<Outcome> {
    const { context, stage, hold } = this;
    const master = record?.servers[0] ?? 'nobody';
    if (hold.ledger.held) await hold.end(`${master} is the master by now`);
    await wakeRouter(context, stage, hold.ledger);
    context.record({ promoting: false });
    await hold.released();
    hold.ledger.recordOvertaken(master);
    return done({ overtaken: master });
  }

  private goBack(code: string, message: string): Promise<Outcome> {
    return letGo(this.context, this.stage, this.hold, { code, message });
  }
}

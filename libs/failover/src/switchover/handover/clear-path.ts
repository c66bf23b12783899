import { type Outcome, wait } from '@slotferry/workflow';
import type { TableSlots } from '@slotferry/cluster';
import { lookAtCopies } from '../../slots/copies';
import { refsOf } from '../../slots/slot-lists';
import { judgeCopies } from '../judge-copies';
import { PathProblem } from '../path-problem';
import { requireHealthyProxies, requireRoutedTo } from '../proxies';
import { refusalsOfOthers } from '../refusals/of-others';
import { refusalsOfRequest } from '../refusals/of-request';
import { type Stage, standingOf, type SwitchoverContext, type SwitchoverParts } from '../stage';
import { nearZeroBytes, timing } from '../timing';
import type { GroupHold } from './group-hold';

/** The way is free: these slots are to be held, or cannot be. */
export interface ClearPath {
  readonly kind: 'clear';
  readonly slots: readonly TableSlots[];
  /** Why requests cannot be held and need not be; null when they are. */
  readonly unheld: string | null;
}

/**
 * The whole path, looked at afresh: clients are never held unless everything is healthy and hardly anything is missing at the new
 * master. Throws a PathProblem.
 */
export async function clearPath(
  context: SwitchoverContext,
  stage: Stage,
  { engine }: Pick<SwitchoverParts, 'engine'>,
  hold: GroupHold,
): Promise<ClearPath | Outcome> {
  const { router } = stage.cluster;
  const [view, others, answer] = await Promise.all([
    router.view(),
    refusalsOfOthers(engine, context.input, context.workflowId),
    router.canHold(),
  ]);
  const refusals = refusalsOfRequest(view, stage, context.input).filter(
    ({ code }) => !(code === 'group-promoting' && hold.ledger.promotionStored),
  );
  const [first] = [...refusals, ...others];
  if (first) return wait(first.code, first.message, timing.busyPoll);
  const { slots } = standingOf(view, stage);
  if (slots.length === 0) return { kind: 'clear', slots, unheld: 'the group owns no slots' };
  if (answer.able) {
    requireHealthyProxies(view.proxies);
    await requireReleased(stage, hold, slots);
  } else if (!context.input.acceptLoss) {
    return wait('proxies-cannot-hold', answer.why, timing.peerPoll);
  }
  const lag = await lagOf(stage, slots);
  if (lag > nearZeroBytes) {
    return wait('catching-up', `${lag} bytes of binlog are missing at ${stage.to.address}`, timing.syncPoll);
  }
  return { kind: 'clear', slots, unheld: answer.able ? null : answer.why };
}

/** Every proxy sends clients to the present master. One that came to hold after a release is released again. */
export async function requireReleased(
  stage: Stage,
  hold: GroupHold,
  slots: readonly TableSlots[],
): Promise<void> {
  const { router } = stage.cluster;
  const { proxies } = await router.view();
  try {
    await requireRoutedTo(router, proxies, slots, stage.from.address);
  } catch (error) {
    if (error instanceof PathProblem && error.code === 'proxy-holds' && hold.ledger.releasedAt > 0) {
      await hold.sendRoutes(`release requests of group ${stage.group} again`);
    }
    throw error;
  }
}

async function lagOf(stage: Stage, slots: readonly TableSlots[]): Promise<number> {
  const [master, replica] = await Promise.all([
    lookAtCopies(stage.from, slots),
    lookAtCopies(stage.to, slots),
  ]);
  const { loose, lagBytes } = judgeCopies(refsOf(slots), master, replica);
  if (loose[0]) throw new PathProblem(loose[0].code, loose[0].message);
  return lagBytes;
}

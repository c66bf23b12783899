import { done, type Outcome, wait } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { waitFor } from '../path-problem';
import { type Stage, standingOf, type SwitchoverContext } from '../stage';
import { timing } from '../timing';
import { requireReleased } from './clear-path';
import { GroupHold } from './group-hold';
import { wakeRouter } from './quiet-router';
import { reattachReplica } from './reattach-replica';
import { takeBackHold } from './take-back-hold';

/** Brings the group back to where clients are served by the old master and the replica follows it. */
export async function undoHandover(context: SwitchoverContext, stage: Stage): Promise<Outcome> {
  const hold = new GroupHold(context, stage);
  const { ledger } = hold;
  if (ledger.held) return takeBackHold(context, stage, hold, 'the switchover was cancelled');
  const { place } = standingOf(await stage.cluster.router.view(), stage);
  if (place === 'after' && ledger.drained) {
    return block(
      'promoted-already',
      `${stage.to.address} is the master of group ${stage.group} by now`,
      'Retry the switchover instead of cancelling it: the other nodes have to follow the new master.',
    );
  }
  await wakeRouter(context, stage, ledger);
  if (place === 'before') {
    const obstacle = (await settle(context, stage, hold)) ?? (await reattachReplica(context, stage, hold));
    if (obstacle) return obstacle;
  }
  return done();
}

/** An order to hold that was given up may still come to a proxy, and nobody looks after this group any more. */
async function settle(context: SwitchoverContext, stage: Stage, hold: GroupHold): Promise<Outcome | null> {
  const { ledger } = hold;
  if (!ledger.holdUnsure) return null;
  const rest = ledger.releasedAt + timing.lateHold - context.now();
  if (rest > 0) return wait('proxy-holds', 'an order to hold may still be under way to a proxy', rest);
  try {
    await requireReleased(stage, hold, ledger.slots);
  } catch (error) {
    return waitFor(error, timing.lateRetry);
  }
  context.record({ holdUnsure: false });
  return null;
}

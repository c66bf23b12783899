import { withTimeout } from '@slotferry/platform';
import { type Outcome, wait } from '@slotferry/workflow';
import { findHolders, unreleasedProxies } from '../proxies';
import type { Stage, SwitchoverContext } from '../stage';
import { timing } from '../timing';
import type { GroupHold } from './group-hold';
import { letGo } from './ways-back';

/** Ends what an earlier attempt began, or waits, without another word, for those alone that could not be told. */
export async function takeBackHold(
  context: SwitchoverContext,
  stage: Stage,
  hold: GroupHold,
  message: string,
): Promise<Outcome> {
  const { router } = stage.cluster;
  const reason = { code: 'handover-taken-back', message };
  const asked = withTimeout(router.view(), timing.heldLook, 'the router');
  const proxies = await asked.then(
    (view) => view.proxies,
    () => null,
  );
  if (!proxies) return letGo(context, stage, hold, reason);
  const { held, silent } = await findHolders(router, proxies, hold.ledger.slots);
  if (held || silent.length === 0) return letGo(context, stage, hold, reason);
  await hold.released();
  return wait('proxy-unhealthy', unreleasedProxies(silent).message, timing.peerPoll);
}

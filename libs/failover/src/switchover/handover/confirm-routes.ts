import type { RouterProxy } from '@slotferry/cluster';
import { type Outcome, wait } from '@slotferry/workflow';
import { PathProblem, waitFor } from '../path-problem';
import { findHolders, requireRoutedTo } from '../proxies';
import type { Stage } from '../stage';
import { timing } from '../timing';
import type { GroupHold } from './group-hold';

/**
 * Every proxy sends clients to the new master and holds nothing. Null when that is so. Where requests could not be held, proxies that
 * cannot be asked are taken at the router's word.
 */
export async function confirmRoutes(
  stage: Stage,
  hold: GroupHold,
  proxies: readonly RouterProxy[],
): Promise<Outcome | null> {
  const { router } = stage.cluster;
  const { slots, unheld } = hold.ledger;
  if (slots.length === 0) return null;
  const asked = unheld === null ? proxies : await answering(stage, hold, proxies);
  try {
    await requireRoutedTo(router, asked, slots, stage.to.address);
    return null;
  } catch (error) {
    if (!(error instanceof PathProblem)) throw error;
    if (error.code === 'proxy-unhealthy') {
      // Those that answer serve clients: nobody has to end a hold in a hurry.
      await hold.released();
      return wait(error.code, error.message, timing.peerPoll);
    }
    try {
      // Told to hold it may have come to it only now, or it was away when the router told it the new route.
      await hold.sendRoutes(`send the routes of group ${stage.group} to the proxies again`);
    } catch (failure) {
      return waitFor(failure, timing.lateRetry);
    }
    return wait(error.code, error.message, 50);
  }
}

async function answering(
  { cluster }: Stage,
  { ledger }: GroupHold,
  proxies: readonly RouterProxy[],
): Promise<RouterProxy[]> {
  const { silent } = await findHolders(cluster.router, proxies, ledger.slots);
  return proxies.filter(({ admin }) => !silent.includes(admin));
}

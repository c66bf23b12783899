import { type Outcome, wait } from '@slotferry/workflow';
import type { Cast, MoveContext } from '../cast';

/** Who holds the requests: the router by an action of its own, or the proxies because we tell them. */
export type HandoverWay = 'proxies' | 'dashboard';

const pollMs = 2_000;

/**
 * The way this handover goes. One that has begun goes on the way it began; before that the cluster's settings and what the proxies
 * can do decide.
 */
export async function chooseWay(context: MoveContext, cast: Cast): Promise<HandoverWay | Outcome> {
  const { facts } = context;
  if (facts.heldAtProxies === true || facts.assigning === true) return 'proxies';
  if (context.state.guard) return 'dashboard';
  const { handover } = cast.cluster.definition.migration;
  if (handover === 'dashboard') return 'dashboard';
  const answer = await cast.cluster.router.canHold();
  if (answer.able) return 'proxies';
  if (handover === 'auto') return 'dashboard';
  return wait('proxies-cannot-hold', answer.why, pollMs);
}

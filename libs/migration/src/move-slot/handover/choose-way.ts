import type { CanHold, Router } from '@slotferry/cluster';
import { type Outcome, wait } from '@slotferry/workflow';
import type { Cast, MoveContext } from '../cast';

/** Who holds the requests: the router by an action of its own, or the proxies because we tell them. */
export type HandoverWay = 'proxies' | 'dashboard';

const pollMs = 2_000;

/**
 * Whether the proxies of clusters can be told to hold. A yes is good for a moment: whoever then holds finds out by himself who is not
 * there any more, and many slots are handed over in it.
 */
export class HoldAbilities {
  /** By the open router: a cluster whose definition has changed has another one. */
  private readonly ableAt = new WeakMap<object, number>();

  async ask(router: Pick<Router, 'canHold'>): Promise<CanHold> {
    if (performance.now() - (this.ableAt.get(router) ?? -Infinity) < goodForMs) return { able: true };
    const askedAt = performance.now();
    const answer = await router.canHold();
    if (answer.able) this.ableAt.set(router, askedAt);
    return answer;
  }
}

const goodForMs = 1_000;

/**
 * The way this handover goes. One that has begun goes on the way it began; before that the cluster's settings and what the proxies
 * can do decide.
 */
export async function chooseWay(
  context: MoveContext,
  cast: Cast,
  abilities: HoldAbilities,
): Promise<HandoverWay | Outcome> {
  const { facts } = context;
  if (facts.heldAtProxies === true || facts.assigning === true) return 'proxies';
  if (context.state.guard) return 'dashboard';
  const { handover } = cast.cluster.definition.migration;
  if (handover === 'dashboard') return 'dashboard';
  const answer = await abilities.ask(cast.cluster.router);
  if (answer.able) return 'proxies';
  if (handover === 'auto') return 'dashboard';
  return wait('proxies-cannot-hold', answer.why, pollMs);
}

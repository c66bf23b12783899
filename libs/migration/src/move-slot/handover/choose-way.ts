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
  private readonly ableAt = new Map<string, number>();

  async ask(name: string, router: Pick<Router, 'canHold'>): Promise<CanHold> {
    if (performance.now() - (this.ableAt.get(name) ?? -Infinity) < goodForMs) return { able: true };
    const askedAt = performance.now();
    const answer = await router.canHold();
    if (answer.able) this.ableAt.set(name, askedAt);
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
  const answer = await abilities.ask(context.input.cluster, cast.cluster.router);
  if (answer.able) return 'proxies';
  if (handover === 'auto') return 'dashboard';
  return wait('proxies-cannot-hold', answer.why, pollMs);
}

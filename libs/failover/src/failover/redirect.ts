import type { RouterProxy } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { asJson, type FailoverContext, requiredFact } from './facts';
import { winnerOf } from './hold-election';
import { describeSlots } from '../slots/slot-lists';
import { readSlots } from '../slots/slots-fact';

/**
 * Tells proxies directly to send the group's clients to the new master, for the case that the router cannot: it is away, or a hung proxy makes
 * it stand still. The router's own promotion follows when it can; what it sends then is the same. A proxy that fails is left out:
 * the promotion reaches it, or removes it.
 * Returns what went wrong, a line a proxy.
 */
export async function redirectProxies(
  context: FailoverContext,
  { router }: OpenCluster,
  proxies: readonly RouterProxy[],
): Promise<readonly string[]> {
  const slots = readSlots(requiredFact(context, 'slots'));
  const masters = { from: context.input.master, to: winnerOf(context) };
  const told = proxies.map((proxy) =>
    context
      .command(
        {
          target: `proxy ${proxy.admin}`,
          action: `send ${describeSlots(slots)} to ${masters.to} instead of ${masters.from}`,
          send: (gate) => router.redirect(proxy, slots, masters, gate),
        },
        { facts: asJson({ redirected: masters.to }) },
      )
      .then(
        () => null,
        (error: unknown) => {
          if (error instanceof CodisError) return `${proxy.admin}: ${error.message}`;
          throw error;
        },
      ),
  );
  const failures = (await Promise.all(told)).filter((failure) => failure !== null);
  return failures;
}

import { type Outcome, wait } from '@slotferry/workflow';
import type { FailoverParts } from '../parts';
import type { ClientWitness } from './client-witness';
import type { FailoverContext } from './facts';
import { tell, tellHistory } from './news';
import { timing } from './timing';

const code = 'clients-are-served';

/**
 * A master that no worker reaches and that still answers the proxies is not replaced: its clients would lose what it has acknowledged and
 * not yet replicated, and gain nothing. It is waited for, until no proxy reaches it either, or the workers do again. Told once. Null
 * when no proxy reaches it.
 */
export async function waitWhileServed(
  context: FailoverContext,
  { memory, notifier }: Pick<FailoverParts, 'memory' | 'notifier'>,
  { proxies, reach }: ClientWitness,
): Promise<Outcome | null> {
  if (reach.length === 0) return null;
  const { master } = context.input;
  const message = `${reach.length} of ${proxies} proxies reach ${master}, so that clients are served; workers do not: look after the network between them`;
  if (context.state.waiting?.code !== code) {
    const details = { analysis: 'MasterUnreachable', master, proxies, reach: [...reach] };
    await tellHistory(memory, context, 'non-decision', code, message, details);
    await tell(notifier, context, 'failover-blocked', code, message, details);
  }
  return wait('clients-are-served', message, timing.servedElsewhere);
}

import { type Outcome, wait } from '@slotferry/workflow';
import type { FailoverParts } from '../parts';
import type { ClientWitness } from './client-witness';
import type { FailoverContext } from './facts';
import type { MasterProbe } from './master-probe';
import { tell, tellHistory } from './news';
import { timing } from './timing';

/**
 * A master that most workers miss and that somebody reaches is not replaced. Above all where proxies do: their clients would lose what it
 * has acknowledged and not yet replicated, and gain nothing. It is waited for, until nobody reaches it any more, or most workers do again.
 * Each reason is told once. Null when nobody reaches it.
 */
export async function waitWhileReached(
  context: FailoverContext,
  parts: Pick<FailoverParts, 'memory' | 'notifier'>,
  { proxies, reach }: ClientWitness,
  probe: MasterProbe,
): Promise<Outcome | null> {
  const { master } = context.input;
  if (reach.length > 0) {
    const message = `${reach.length} of ${proxies} proxies reach ${master}, so that clients are served; most workers do not: look after the network between them and it`;
    await tellOnce(context, parts, 'clients-are-served', message);
    return wait('clients-are-served', message, timing.stillReached);
  }
  if (probe !== 'answers') return null;
  const message = `${master} answers one worker, and neither most of the others nor the proxies: look after the network`;
  await tellOnce(context, parts, 'workers-disagree', message);
  return wait('workers-disagree', message, timing.stillReached);
}

async function tellOnce(
  context: FailoverContext,
  { memory, notifier }: Pick<FailoverParts, 'memory' | 'notifier'>,
  code: string,
  message: string,
): Promise<void> {
  if (context.state.waiting?.code === code) return;
  const details = { analysis: 'MasterUnreachable', master: context.input.master };
  await tellHistory(memory, context, 'non-decision', code, message, details);
  await tell(notifier, context, 'failover-blocked', code, message, details);
}

import type { OpenCluster } from '@slotferry/inventory';
import { PikaError } from '@slotferry/pika';
import { TimeLimitError } from '@slotferry/platform';
import { type Outcome, wait } from '@slotferry/workflow';
import type { FailoverMemory } from '../store/types';
import { readTails } from './election-fact';
import { type FailoverContext, requiredFact } from './facts';
import { fetchTails } from './fetch-tails';
import { electAnew, winnerOf } from './hold-election';
import { timing } from './timing';

/** So often in one attempt may the election be held again because a node died meanwhile. */
const mostElections = 3;

/**
 * Gives the winner what others have more than it has. When it or one of them dies meanwhile, another election is held. Null when the
 * winner is as far as it can get; else what to wait for.
 */
export async function converge(
  context: FailoverContext,
  cluster: OpenCluster,
  memory: FailoverMemory,
): Promise<Outcome | null> {
  for (let round = 1; round <= mostElections; round += 1) {
    const election = requiredFact(context, 'election');
    const winner = cluster.node(election.winner);
    const fetched = await fetchTails(context, cluster, winner, readTails(election)).catch(
      (error: unknown) => {
        if (!isGone(error)) throw error;
        return { kind: 'node-gone', node: winner.address, message: error.message } as const;
      },
    );
    if (fetched.kind === 'complete') return null;
    if (fetched.kind === 'incomplete') {
      context.step('went on without what others have more', { ...fetched });
      return null;
    }
    context.step('held the election again', { node: fetched.node, message: fetched.message });
    const outcome = await electAnew(context, cluster, memory);
    if (outcome) return outcome;
  }
  return wait(
    'nodes-failing',
    `the nodes of the group fail one after the other, last ${winnerOf(context)}`,
    timing.retry,
  );
}

/** A node that does not answer, as against one that refuses something. */
export function isGone(error: unknown): error is Error {
  if (error instanceof TimeLimitError) return true;
  return (
    error instanceof PikaError &&
    ['unreachable', 'timed-out', 'closed', 'master-unreachable'].includes(error.code)
  );
}

import { draft } from '../events';
import type { EventLog, OutboxEntry } from '../store/event-log';
import { isEnded } from '../state';
import { VersionConflict } from '../workflow.errors';
import type { Queues } from './queues';

type ChildEnded = OutboxEntry & { readonly kind: 'child-ended' };

/** So many writers in a row being faster is a fault; the relay then tries again. */
const maxRounds = 50;

/** Does what entries of the outbox ask for: jobs go to their queue, the end of a child is told to its parent. */
export async function deliver(entries: readonly OutboxEntry[], log: EventLog, queues: Queues): Promise<void> {
  await queues.add(entries.flatMap((entry) => (entry.kind === 'job' ? [entry.work] : [])));
  const ended = entries.flatMap((entry) => (entry.kind === 'child-ended' ? [entry] : []));
  await Promise.all([...byParent(ended)].map(([parent, ends]) => tellParent(parent, ends, log)));
}

/** For each parent its children that ended, each of them once. */
function byParent(ended: readonly ChildEnded[]): Map<string, Map<string, ChildEnded>> {
  const parents = new Map<string, Map<string, ChildEnded>>();
  for (const entry of ended) {
    const ends = parents.get(entry.parent) ?? new Map<string, ChildEnded>();
    parents.set(entry.parent, ends.set(entry.child, entry));
  }
  return parents;
}

/**
 * Appends the ends that the parent's log does not hold yet, all at once. A child ends once, so an end that stands there is this
 * one; and nobody can have added it between the look and the append, which would then be refused.
 */
async function tellParent(
  parent: string,
  ends: ReadonlyMap<string, ChildEnded>,
  log: EventLog,
): Promise<void> {
  for (let round = 1; ; round += 1) {
    const state = await log.load(parent);
    if (state.head.version === 0 || isEnded(state)) return;
    const news = [...ends.values()]
      .filter(({ child, status }) => state.children[child] !== status)
      .map(({ child, status }) => ({
        ...draft('child-ended', { child, status }),
        actor: `child:${child}`,
      }));
    const [first] = news;
    if (!first) return;
    try {
      await log.append(state, news, { actor: first.actor });
      return;
    } catch (error) {
      if (!(error instanceof VersionConflict) || round === maxRounds) throw error;
    }
  }
}

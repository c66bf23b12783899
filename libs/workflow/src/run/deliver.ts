import { draft } from '../events';
import type { EventLog, OutboxEntry } from '../store/event-log';
import { isEnded } from '../state';
import { VersionConflict } from '../workflow.errors';
import type { Queues } from './queues';

/** So many writers in a row being faster is a fault; the relay then tries again. */
const maxRounds = 50;

/** Does what entries of the outbox ask for: jobs go to their queue, the end of a child is told to its parent. */
export async function deliver(entries: readonly OutboxEntry[], log: EventLog, queues: Queues): Promise<void> {
  await queues.add(entries.flatMap((entry) => (entry.kind === 'job' ? [entry.work] : [])));
  for (const entry of entries) {
    if (entry.kind === 'child-ended') await tellParent(entry, log);
  }
}

async function tellParent(entry: OutboxEntry & { kind: 'child-ended' }, log: EventLog): Promise<void> {
  const { parent, child, status } = entry;
  for (let round = 1; ; round += 1) {
    const state = await log.load(parent);
    if (state.head.version === 0 || isEnded(state) || state.children[child] === status) return;
    try {
      const options = { actor: `child:${child}`, commandId: `ended-${child}` };
      await log.append(state, [draft('child-ended', { child, status })], options);
      return;
    } catch (error) {
      if (!(error instanceof VersionConflict) || round === maxRounds) throw error;
    }
  }
}

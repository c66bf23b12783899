import type { EventLog } from '../store/event-log';
import { nextWork } from '../work';
import type { Queues } from './queues';

/** Workflows looked at in one go. */
const batch = 500;

/**
 * Puts back every job that should exist and does not: after the queue was lost, or when an entry of the outbox went astray.
 * Returns how many. Putting back a job that is there already changes nothing, so any number of processes may do this.
 */
export async function reconcile(log: EventLog, queues: Queues): Promise<number> {
  const open = await log.openIds();
  let added = 0;
  for (let index = 0; index < open.length; index += batch) {
    const missing = await queues.missing(await log.summaries(open.slice(index, index + batch)));
    const works = await Promise.all(missing.map(async ({ id }) => nextWork(await log.load(id))));
    const due = works.filter((work) => work !== null);
    await queues.putBack(due);
    added += due.length;
  }
  return added;
}

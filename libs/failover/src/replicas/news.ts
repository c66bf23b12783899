import type { JsonObject } from '@slotferry/workflow';
import type { FailoverEvent } from '../notify';
import type { FailoverParts } from '../parts';
import type { HistoryEntry } from '../store/types';
import type { RejoinContext } from './rejoin-scene';

interface News {
  readonly event: FailoverEvent;
  readonly kind: HistoryEntry['kind'];
  readonly code: string;
  readonly message: string;
  readonly details?: JsonObject;
}

/** Adds to the history of the group, tells the hooks, and records how they answered. */
export async function tell(
  { memory, notifier }: FailoverParts,
  context: RejoinContext,
  { event, kind, code, message, details = {} }: News,
): Promise<void> {
  const { cluster, group } = context.input;
  const about = { at: context.now(), group, workflow: context.workflowId, code, message, details };
  await memory.addHistory(cluster, { ...about, kind });
  const deliveries = await notifier.after({ ...about, event, cluster });
  if (deliveries.length > 0) context.step(`told: ${event}`, [...deliveries]);
}

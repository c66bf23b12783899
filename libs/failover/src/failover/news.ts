import type { JsonObject } from '@slotferry/workflow';
import type { FailoverEvent, FailoverNews, Notifier } from '../notify';
import type { FailoverMemory, HistoryEntry } from '../store/types';
import type { FailoverContext } from './facts';

/** Adds what happened to the history of the group. */
export function tellHistory(
  memory: FailoverMemory,
  context: FailoverContext,
  kind: HistoryEntry['kind'],
  code: string,
  message: string,
  details: JsonObject | null = null,
): Promise<void> {
  const { cluster, group } = context.input;
  const workflow = context.workflowId;
  return memory.addHistory(cluster, { at: context.now(), group, kind, code, message, workflow, details });
}

/** Tells the hooks, and records how they answered. */
export async function tell(
  notifier: Notifier,
  context: FailoverContext,
  event: FailoverEvent,
  code: string | null,
  message: string,
  details: JsonObject = {},
): Promise<void> {
  const deliveries = await notifier.after(newsOf(context, event, code, message, details));
  if (deliveries.length > 0) context.step(`told: ${event}`, [...deliveries]);
}

export function newsOf(
  context: FailoverContext,
  event: FailoverEvent,
  code: string | null,
  message: string,
  details: JsonObject = {},
): FailoverNews {
  const { cluster, group } = context.input;
  return { event, cluster, group, workflow: context.workflowId, at: context.now(), code, message, details };
}

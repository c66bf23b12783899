import { type WorkflowEvent, type WorkflowSummary } from '@slotferry/workflow';
import { type WorkflowDetails } from '../http/answers';
import { type ApiClient } from '../http/api-client';
import { followEvents } from '../http/follow-events';
import { outcomeOf } from './outcome';

/** Where events go as they come. */
export interface Watcher {
  readonly signal: AbortSignal;
  onEvent(workflow: WorkflowSummary, event: WorkflowEvent): void;
  onLost(workflow: WorkflowSummary, reason: string): void;
}

/** After one of these a workflow may stand still. */
const STANDSTILL: readonly WorkflowEvent['type'][] = ['phase-blocked', 'phase-failed'];

/** Follows a workflow until it ends or needs an operator, or until the signal is aborted. Returns it as it is then. */
export async function waitFor(
  client: ApiClient,
  url: string,
  workflow: WorkflowSummary,
  watcher: Watcher,
): Promise<WorkflowDetails> {
  const path = `/workflows/${encodeURIComponent(workflow.id)}`;
  const following = {
    signal: watcher.signal,
    onLost: (reason: string) => watcher.onLost(workflow, reason),
  };
  let stoodAt: number | null = null;
  for await (const event of followEvents(client, url, workflow.id, following)) {
    watcher.onEvent(workflow, event);
    if (!STANDSTILL.includes(event.type) && (stoodAt === null || event.version < stoodAt)) continue;
    // It may be an old event of a workflow that has long gone on. And one that stands still can have newer events, because its
    // children go on: these are told first.
    const now: WorkflowDetails = await client.get(path);
    if (outcomeOf(now) !== null && now.version <= event.version) return now;
    stoodAt = outcomeOf(now) === null ? null : now.version;
  }
  return client.get<WorkflowDetails>(path);
}

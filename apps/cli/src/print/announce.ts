import { type WorkflowSummary } from '@slotferry/workflow';

/** What was started, and how to watch it. */
export function announce({ id, title }: WorkflowSummary): string {
  return `started ${id}: ${title}\n  watch it: slotferry workflow watch ${id}`;
}

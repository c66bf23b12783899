import { type WorkflowEvent } from '@slotferry/workflow';

/** A line with the time of its event in front. */
export function stamp({ at }: WorkflowEvent, label: string, line: string): string {
  return `${at.slice(11, 23)}  ${label}${line}`;
}

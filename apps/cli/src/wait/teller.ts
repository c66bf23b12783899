import { type WorkflowEvent } from '@slotferry/workflow';

/** Tells people what happens to workflows as it happens. */
export interface Teller {
  event(label: string, event: WorkflowEvent): void;
  /** Leaves the line that is being drawn, if any: something else is printed now. */
  end(): void;
}

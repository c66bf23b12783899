import type { Direction } from './events';
import { isEnded, mustTurnBack, type WorkflowState } from './state';

/** The one piece of work that is due for a workflow. */
export interface Work {
  readonly workflowId: string;
  /** The name of its definition. */
  readonly workflow: string;
  readonly queue: string;
  readonly phase: string;
  readonly direction: Direction;
  readonly visit: number;
  /** Wall clock milliseconds; 0 = at once. */
  readonly dueAt: number;
}

/**
 * The job that should exist, as it follows from the log alone, or null when there is none: the workflow has ended, is
 * paused, or waits for an operator. A workflow with an armed guard always has work: the guard has to be ended; and so has one
 * that was cancelled and is not on its way back yet.
 */
export function nextWork(state: WorkflowState): Work | null {
  if (state.head.version === 0 || isEnded(state)) return null;
  const { id: workflowId, workflow, queue, phase, direction, visit, dueAt } = state;
  const work = { workflowId, workflow, queue, phase, direction, visit, dueAt };
  if (state.guard) return work;
  if (state.paused) return null;
  if (mustTurnBack(state)) return work;
  if (state.status === 'failed') return null;
  if (state.status === 'blocked' && state.blocked?.recheckAfterMs === null) return null;
  return work;
}

/** Deterministic: the same piece of work has the same id wherever it is computed. Holds no `:` and is never all digits. */
export function jobId(work: Work): string {
  return `${work.workflowId}-${work.direction === 'undo' ? 'undo-' : ''}${work.phase}-${work.visit}`;
}

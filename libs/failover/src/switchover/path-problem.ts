import { type Outcome, wait } from '@slotferry/workflow';

/** Something on the way of the switchover is not as it must be, and may become so by itself. */
export class PathProblem extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'PathProblem';
  }
}

/** Turns a PathProblem into a wait; everything else rises. */
export function waitFor(error: unknown, pollAfterMs: number): Outcome {
  if (error instanceof PathProblem) return wait(error.code, error.message, pollAfterMs);
  throw error;
}

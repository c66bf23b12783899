import { type Problem, SlotferryError } from '@slotferry/platform';

/** One of several things wrong with a request. */
export interface ListedProblem extends Problem {
  /** Of a file, counted from 1. */
  readonly line?: number;
  readonly column?: number;
  /** For example `groups[1].nodes[0]`, or the name of a field. */
  readonly path?: string;
}

/** An error of the API itself: it knows its HTTP status. */
export abstract class ApiError extends SlotferryError {
  constructor(
    readonly status: number,
    problem: Problem,
    readonly problems?: readonly ListedProblem[],
    options?: { readonly cause?: unknown },
  ) {
    super(problem, options);
  }
}

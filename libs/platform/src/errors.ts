/** What an operator is told about an error: never a stack, a path or a secret. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** An error of ours: a stable code for programs, a message that says what happened, a remedy that says what to do. */
export class SlotferryError extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor(problem: Problem, options?: { readonly cause?: unknown }) {
    super(problem.message, options);
    this.name = new.target.name;
    this.code = problem.code;
    this.remedy = problem.remedy;
  }
}

/** Turns anything thrown into something that may leave the process. Errors that are not ours keep their text to the log. */
export function toProblem(error: unknown): Problem {
  if (isProblem(error)) return { code: error.code, message: error.message, remedy: error.remedy };
  return {
    code: 'internal',
    message: 'Slotferry failed in a way it did not expect.',
    remedy:
      'Look for this moment in the log of the process; if it happens again, report it with that log entry.',
  };
}

/** By shape, because the pure libraries bring error classes of their own. Errors of Node have a code but no remedy. */
function isProblem(error: unknown): error is Error & Problem {
  if (!(error instanceof Error)) return false;
  const { code, remedy } = error as Partial<Problem>;
  return typeof code === 'string' && typeof remedy === 'string';
}

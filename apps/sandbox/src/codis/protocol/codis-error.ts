/** One frame of the stack that an error body carries. */
export interface StackFrame {
  readonly Name: string;
  readonly File: string;
  readonly Line: number;
}

/** A refusal of the dashboard or the proxy: HTTP status 800 with `Cause` and `Stack`. */
export class CodisError extends Error {
  readonly code = 'CODIS_REFUSED';

  /** @param stack null for the errors that the real servers make without one: xauth, parameters, not online, closed */
  constructor(
    readonly reason: string,
    readonly frames: readonly StackFrame[] | null,
  ) {
    super(reason);
    this.name = 'CodisError';
  }

  toBody(): { Cause: string; Stack: readonly StackFrame[] | null } {
    return { Cause: this.reason, Stack: this.frames };
  }
}

/** An error as the code of the dashboard makes it: with a stack. */
export function refuse(cause: string): CodisError {
  return new CodisError(cause, FRAMES);
}

/** An error without a stack. */
export function refuseBare(cause: string): CodisError {
  return new CodisError(cause, null);
}

/** The text of anything thrown, as it goes into a `Cause` or a status. */
export function causeOf(error: unknown): string {
  const { message } = error as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}

/** Thrown where the real server dereferences a null pointer and its HTTP layer answers 500. */
export class NilPointerPanic extends Error {
  readonly code = 'CODIS_PANIC';

  constructor() {
    super('runtime error: invalid memory address or nil pointer dereference');
    this.name = 'NilPointerPanic';
  }
}

const FRAMES: readonly StackFrame[] = [
  {
    Name: 'github.com/CodisLabs/codis/pkg/topom.(*Topom).newContext',
    File: 'github.com/CodisLabs/codis/pkg/topom/topom.go',
    Line: 1,
  },
  {
    Name: 'github.com/CodisLabs/codis/pkg/topom.(*apiServer).Handler',
    File: 'github.com/CodisLabs/codis/pkg/topom/topom_api.go',
    Line: 1,
  },
];

import type { Problem } from './events';
import type { Json } from './json';

/** What a phase says when it returns. A phase never enqueues anything: what follows is decided from its outcome. */
export type Outcome =
  | { readonly kind: 'done'; readonly result?: Json }
  | {
      readonly kind: 'wait';
      /** Stable name of what is waited for. A new one is an event; the same one again is not. */
      readonly code: string;
      readonly message: string;
      readonly pollAfterMs: number;
      readonly progress?: Json;
    }
  | {
      readonly kind: 'blocked';
      readonly problem: Problem;
      /** Who can end it. */
      readonly unblock: string;
      /** Look again after this time, because the cause can go away by itself; null = only when an operator says so. */
      readonly recheckAfterMs: number | null;
    }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly retryable: boolean };

/** The phase has reached its goal. */
export function done(result?: Json): Outcome {
  return { kind: 'done', result };
}

/** The phase looks again later. Frees the worker meanwhile. */
export function wait(code: string, message: string, pollAfterMs: number, progress?: Json): Outcome {
  return { kind: 'wait', code, message, pollAfterMs, progress };
}

/** The phase cannot go on without somebody. */
export function blocked(problem: Problem, unblock: string, recheckAfterMs: number | null = null): Outcome {
  return { kind: 'blocked', problem, unblock, recheckAfterMs };
}

export function failed(problem: Problem, retryable: boolean): Outcome {
  return { kind: 'failed', problem, retryable };
}

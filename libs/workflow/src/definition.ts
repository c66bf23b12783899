import type { JsonObject } from './json';

/** Limits of one phase. */
export interface PhaseLimits {
  /** From entering the phase until it has to be done, in milliseconds. Past it the workflow is blocked and says so. */
  readonly deadlineMs: number;
  /** Failed attempts in a row before the phase counts as failed. */
  readonly maxAttempts: number;
  /** Pause after the first failed attempt, doubled with each further one up to `backoffMaxMs`. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
}

export const defaultLimits: PhaseLimits = {
  deadlineMs: 24 * 3_600_000,
  maxAttempts: 10,
  backoffMs: 500,
  backoffMaxMs: 30_000,
};

/** A kind of workflow: its phases in order, and what a start needs. Known to whoever starts one and to whoever runs it. */
export interface WorkflowDefinition<Input extends JsonObject = JsonObject> {
  readonly name: string;
  /** Queue its jobs go to; a worker serves whole queues. */
  readonly queue: string;
  /** Two or three letters its ids begin with. */
  readonly idPrefix: string;
  readonly phases: readonly string[];
  /** Phases whose jobs let all others of the queue go first: there are many of them at a time, and none is in a hurry. */
  readonly yielding?: readonly string[];
  readonly limits?: { readonly [phase: string]: Partial<PhaseLimits> };
  /** One line for people. */
  title(input: Input): string;
  /** What it works on, usually a cluster's name. */
  scope(input: Input): string;
  /** Names that this workflow holds alone until it ends. */
  resources(input: Input): readonly string[];
  /** Names of what it works on next to others, such as `group:lab:1`; whoever has to can find and park it by them. */
  touches?(input: Input): readonly string[];
}

/** The limits of a phase, defaults filled in. */
export function limitsOf(definition: WorkflowDefinition, phase: string): PhaseLimits {
  return { ...defaultLimits, ...definition.limits?.[phase] };
}

/** The pause before the next attempt, in milliseconds, after `failures` failed ones (1 or more). */
export function backoff(limits: PhaseLimits, failures: number): number {
  return Math.min(limits.backoffMs * 2 ** (failures - 1), limits.backoffMaxMs);
}

import { backoff, type PhaseLimits, type WorkflowDefinition } from './definition';
import { draft, type DraftEvent } from './events';
import type { JsonObject } from './json';
import type { Outcome } from './outcome';
import { isEnded, mustTurnBack, type WorkflowState } from './state';
import { SteeringRefused } from './workflow.errors';

/** What operators may ask of a workflow. */
export type Steering =
  | { readonly kind: 'pause'; readonly reason: string }
  | { readonly kind: 'resume' }
  | { readonly kind: 'cancel'; readonly reason: string }
  | { readonly kind: 'retry'; readonly reason: string }
  | { readonly kind: 'approve'; readonly code: string; readonly note: string }
  | { readonly kind: 'change'; readonly settings: JsonObject; readonly reason: string };

/** The first event of a workflow. */
export function decideStart<I extends JsonObject>(
  definition: WorkflowDefinition<I>,
  input: I,
  parent?: string,
): DraftEvent[] {
  return [
    draft('workflow-started', {
      workflow: definition.name,
      queue: definition.queue,
      phases: definition.phases,
      input,
      scope: definition.scope(input),
      title: definition.title(input),
      resources: definition.resources(input),
      touches: definition.touches?.(input),
      parent,
    }),
  ];
}

/** Events of a steering request. Asking for what is so already is no event; asking for what cannot be throws SteeringRefused. */
export function decideSteering(state: WorkflowState, request: Steering): DraftEvent[] {
  if (isEnded(state)) throw new SteeringRefused(state, request.kind, `it is ${state.status} already`);
  switch (request.kind) {
    case 'pause':
      return state.paused ? [] : [draft('workflow-paused', { reason: request.reason })];
    case 'resume':
      return state.paused ? [draft('workflow-resumed', {})] : [];
    case 'cancel':
      return state.cancelRequested ? [] : [draft('cancel-requested', { reason: request.reason })];
    case 'retry':
      if (state.status !== 'failed' && state.status !== 'blocked') {
        throw new SteeringRefused(state, 'retry', `it is ${state.status}, not failed or blocked`);
      }
      return [draft('retry-requested', { reason: request.reason })];
    case 'approve':
      if (state.blocked?.problem.code !== request.code) {
        throw new SteeringRefused(state, 'approve', `it is not blocked by "${request.code}"`);
      }
      return [draft('approval-given', { code: request.code, note: request.note })];
    case 'change':
      return [draft('settings-changed', { settings: request.settings, reason: request.reason })];
  }
}

/**
 * Events of what a phase returned. `now` is wall clock milliseconds. A cancel that came in meanwhile wins over everything but
 * success: a block or a failure would leave a workflow that nobody undoes.
 */
export function decideOutcome(
  state: WorkflowState,
  outcome: Outcome,
  limits: PhaseLimits,
  now: number,
): DraftEvent[] {
  const { phase } = state;
  if (outcome.kind !== 'done' && mustTurnBack(state)) return [draft('undo-started', { phase })];
  switch (outcome.kind) {
    case 'done':
      return state.direction === 'undo' ? undone(state, now) : completed(state, outcome, now);
    case 'wait':
      if (isOverdue(state, limits, now)) return overdue(state, outcome.message, limits);
      if (state.status !== 'blocked' && state.waiting?.code === outcome.code) return [];
      return [
        draft('phase-waited', {
          phase,
          code: outcome.code,
          message: outcome.message,
          progress: outcome.progress,
        }),
      ];
    case 'blocked':
      if (state.status === 'blocked' && state.blocked?.problem.code === outcome.problem.code) return [];
      return [
        draft('phase-blocked', {
          phase,
          problem: outcome.problem,
          unblock: outcome.unblock,
          recheckAfterMs: outcome.recheckAfterMs,
        }),
      ];
    case 'failed': {
      const attempt = state.failures + 1;
      if (!outcome.retryable || attempt >= limits.maxAttempts) {
        return [draft('phase-failed', { phase, problem: outcome.problem })];
      }
      return [
        draft('attempt-failed', {
          phase,
          problem: outcome.problem,
          attempt,
          retryAfterMs: backoff(limits, attempt),
        }),
      ];
    }
  }
}

function completed(state: WorkflowState, outcome: Outcome & { kind: 'done' }, now: number): DraftEvent[] {
  const { phase } = state;
  const enteredAt = state.phaseRecords[phase]?.enteredAt ?? now;
  const done = draft('phase-completed', { phase, tookMs: now - enteredAt, result: outcome.result });
  if (state.phases.at(-1) !== phase) return [done];
  return [done, draft('workflow-completed', { tookMs: now - state.startedAt })];
}

function undone(state: WorkflowState, now: number): DraftEvent[] {
  const done = draft('undo-completed', { phase: state.phase, tookMs: now - state.enteredAt });
  if (state.phases[0] !== state.phase) return [done];
  return [done, draft('workflow-cancelled', { tookMs: now - state.startedAt })];
}

function isOverdue(state: WorkflowState, limits: PhaseLimits, now: number): boolean {
  if (state.direction === 'undo' || state.status === 'blocked') return false;
  return now - state.enteredAt > limits.deadlineMs;
}

function overdue(state: WorkflowState, waitsFor: string, limits: PhaseLimits): DraftEvent[] {
  const problem = {
    code: 'phase-overdue',
    message: `${state.phase} has not come to its end within ${Math.round(limits.deadlineMs / 1000)} s; last it waited for: ${waitsFor}`,
    remedy: 'Look at what it waits for, then retry (a new deadline) or cancel.',
  };
  return [draft('phase-blocked', { phase: state.phase, problem, unblock: 'operator', recheckAfterMs: null })];
}

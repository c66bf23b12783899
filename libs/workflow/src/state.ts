import type { Direction, EndStatus, EventType, Problem, WorkflowEvent } from './events';
import type { ChainHead } from './hash-chain';
import { genesisHash } from './hash-chain';
import type { Json, JsonObject } from './json';

/**
 * - `running`: a phase is at work or waits for its next look.
 * - `blocked`: needs an operator; some blocks end by themselves when the cause is gone.
 * - `failed`: stopped; an operator retries or cancels.
 * - `undoing`: on the way back after a cancel.
 * - `completed`, `cancelled`: ended.
 */
export type WorkflowStatus = 'running' | 'blocked' | 'failed' | 'undoing' | EndStatus;

export interface PhaseRecord {
  readonly enteredAt: number;
  readonly completedAt: number | null;
  readonly result?: Json;
}

/** A workflow as its events tell it. Times are wall clock milliseconds taken from the events. */
export interface WorkflowState {
  readonly id: string;
  readonly head: ChainHead;
  readonly workflow: string;
  readonly queue: string;
  readonly phases: readonly string[];
  readonly input: JsonObject;
  readonly scope: string;
  readonly title: string;
  readonly resources: readonly string[];
  /** What it works on next to others, such as `group:lab:1`. */
  readonly touches: readonly string[];
  readonly parent: string | null;
  readonly actor: string;
  readonly status: WorkflowStatus;
  readonly paused: boolean;
  readonly phase: string;
  readonly direction: Direction;
  /** Version of the event that made the present piece of work due: part of the job's id. */
  readonly visit: number;
  /** Not before this time; 0 = at once. */
  readonly dueAt: number;
  /** Since when the present phase is worked on in the present direction without an operator's stop; deadlines count from here. */
  readonly enteredAt: number;
  /** Failed attempts in a row at the present phase. */
  readonly failures: number;
  readonly facts: JsonObject;
  /** What operators set while it runs; later values count, in an object each name for itself. */
  readonly settings: JsonObject;
  readonly approvals: readonly string[];
  readonly steps: readonly { readonly step: string; readonly at: number }[];
  readonly phaseRecords: { readonly [phase: string]: PhaseRecord };
  /** True once only the way forward is safe. */
  readonly committed: boolean;
  readonly cancelRequested: boolean;
  /** A section that any live worker must end when its time is over, or null. */
  readonly guard: { readonly name: string; readonly armedAt: number; readonly expiresInMs: number } | null;
  readonly waiting: {
    readonly code: string;
    readonly message: string;
    readonly progress?: Json;
    readonly since: number;
  } | null;
  readonly blocked: {
    readonly problem: Problem;
    readonly unblock: string;
    readonly recheckAfterMs: number | null;
  } | null;
  readonly problem: Problem | null;
  readonly children: { readonly [id: string]: EndStatus | 'open' };
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly endedAt: number | null;
}

/** Before the first event. */
export function initialState(id: string): WorkflowState {
  return {
    id,
    head: { version: 0, hash: genesisHash(id) },
    workflow: '',
    queue: '',
    phases: [],
    input: {},
    scope: '',
    title: '',
    resources: [],
    touches: [],
    parent: null,
    actor: '',
    status: 'running',
    paused: false,
    phase: '',
    direction: 'forward',
    visit: 0,
    dueAt: 0,
    enteredAt: 0,
    failures: 0,
    facts: {},
    settings: {},
    approvals: [],
    steps: [],
    phaseRecords: {},
    committed: false,
    cancelRequested: false,
    guard: null,
    waiting: null,
    blocked: null,
    problem: null,
    children: {},
    startedAt: 0,
    updatedAt: 0,
    endedAt: null,
  };
}

export function isEnded(state: WorkflowState): boolean {
  return state.status === 'completed' || state.status === 'cancelled';
}

/** True when the next thing to do is to turn back. A guarded section is ended first, on whatever way is safe. */
export function mustTurnBack(state: WorkflowState): boolean {
  return state.cancelRequested && !state.committed && state.direction === 'forward' && !state.guard;
}

/** Folds events into a state. Pure and total: it never refuses, deciding is done before appending. */
export function fold(state: WorkflowState, events: readonly WorkflowEvent[]): WorkflowState {
  const own = new OwnCopies(state);
  // A quiet event changes nothing that the one behind it does not change too.
  return events
    .filter(({ type }, index) => index === events.length - 1 || !quiet.has(type))
    .reduce((before, event) => evolve(before, event, own), state);
}

/** Events that tell what happened and change nothing but the head of the log. */
const quiet: ReadonlySet<EventType> = new Set(['attempt-started', 'command-issued', 'command-replied']);

/**
 * What may have thousands of members is copied once for a fold and not with each of its events, which would cost the square of
 * their number. The states in between share the copy; nobody sees them.
 */
class OwnCopies {
  private ownFacts: Record<string, Json | undefined> | undefined;
  private ownChildren: Record<string, EndStatus | 'open'> | undefined;

  constructor(private readonly from: WorkflowState) {}

  get facts(): Record<string, Json | undefined> {
    return (this.ownFacts ??= { ...this.from.facts });
  }
  get children(): Record<string, EndStatus | 'open'> {
    return (this.ownChildren ??= { ...this.from.children });
  }
}

/** The state after one more event. */
function evolve(state: WorkflowState, event: WorkflowEvent, own: OwnCopies): WorkflowState {
  const at = Date.parse(event.at);
  const next: WorkflowState = { ...state, head: { version: event.version, hash: event.hash }, updatedAt: at };
  const due = { visit: event.version, dueAt: 0 };
  const calm = { waiting: null, blocked: null, problem: null };
  switch (event.type) {
    case 'workflow-started': {
      const { data } = event;
      const phase = data.phases[0] ?? '';
      return {
        ...next,
        ...due,
        workflow: data.workflow,
        queue: data.queue,
        phases: data.phases,
        input: data.input,
        scope: data.scope,
        title: data.title,
        resources: data.resources,
        touches: data.touches ?? [],
        parent: data.parent ?? null,
        actor: event.actor,
        phase,
        enteredAt: at,
        phaseRecords: entered({}, phase, at),
        startedAt: at,
      };
    }
    case 'attempt-started':
    case 'command-issued':
    case 'command-replied':
      return next;
    case 'attempt-abandoned':
      return { ...next, ...due };
    case 'attempt-failed':
      return {
        ...next,
        ...running(state),
        ...calm,
        problem: event.data.problem,
        failures: event.data.attempt,
        visit: event.version,
        dueAt: at + event.data.retryAfterMs,
      };
    case 'fact-recorded':
      return { ...next, facts: Object.assign(own.facts, event.data.facts) };
    case 'step-completed':
      return { ...next, steps: [...state.steps, { step: event.data.step, at }] };
    case 'point-of-no-return-passed':
      return { ...next, committed: true };
    case 'point-of-no-return-revoked':
      return { ...next, committed: false };
    case 'guard-armed':
      return { ...next, guard: { name: event.data.guard, armedAt: at, expiresInMs: event.data.expiresInMs } };
    case 'guard-released':
      return { ...next, guard: null };
    case 'phase-waited': {
      const { code, message, progress } = event.data;
      return {
        ...next,
        ...running(state),
        ...calm,
        // A block that went away by itself is no time the phase has used up.
        enteredAt: state.status === 'blocked' ? at : state.enteredAt,
        failures: 0,
        waiting: { code, message, progress, since: at },
      };
    }
    case 'phase-blocked': {
      const { problem, unblock, recheckAfterMs } = event.data;
      return {
        ...next,
        ...calm,
        failures: 0,
        status: 'blocked',
        problem,
        blocked: { problem, unblock, recheckAfterMs },
      };
    }
    case 'phase-completed':
      return completePhase(
        { ...next, ...running(state), ...calm, ...due, failures: 0 },
        event.data.phase,
        at,
        event.data.result,
      );
    case 'phase-failed':
      return { ...next, ...calm, status: 'failed', problem: event.data.problem };
    case 'workflow-paused':
      return { ...next, paused: true };
    case 'workflow-resumed':
      return { ...next, ...due, paused: false, enteredAt: at };
    case 'cancel-requested':
      return {
        ...next,
        ...due,
        ...awake(state),
        cancelRequested: true,
        paused: false,
        failures: 0,
        enteredAt: at,
      };
    case 'retry-requested':
      return { ...next, ...due, ...awake(state), failures: 0, enteredAt: at };
    case 'approval-given':
      return {
        ...next,
        ...due,
        ...awake(state),
        enteredAt: at,
        approvals: [...state.approvals, event.data.code],
      };
    case 'settings-changed':
      return { ...next, ...due, settings: mergeSettings(state.settings, event.data.settings) };
    case 'undo-started':
      return { ...next, ...due, ...calm, status: 'undoing', direction: 'undo', failures: 0, enteredAt: at };
    case 'undo-completed': {
      const previous = state.phases[state.phases.indexOf(event.data.phase) - 1];
      return {
        ...next,
        ...due,
        ...running(state),
        ...calm,
        failures: 0,
        enteredAt: at,
        phase: previous ?? state.phase,
      };
    }
    case 'child-started':
      // Its end may have been told before its start was noted.
      own.children[event.data.child] ??= 'open';
      return { ...next, children: own.children };
    case 'child-ended':
      own.children[event.data.child] = event.data.status;
      return { ...next, ...due, children: own.children };
    case 'workflow-completed':
      return { ...next, ...calm, status: 'completed', endedAt: at };
    case 'workflow-cancelled':
      return { ...next, ...calm, status: 'cancelled', endedAt: at };
  }
}

/** Later values count; of an object, each name for itself, so that two who change different names do not undo each other. */
function mergeSettings(before: JsonObject, changes: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    const old = before[name];
    merged[name] = isObject(old) && isObject(value) ? { ...old, ...value } : value;
  }
  return merged;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function completePhase(
  state: WorkflowState,
  phase: string,
  at: number,
  result: Json | undefined,
): WorkflowState {
  const enteredAt = state.phaseRecords[phase]?.enteredAt ?? at;
  const records = { ...state.phaseRecords, [phase]: { enteredAt, completedAt: at, result } };
  const following = state.phases[state.phases.indexOf(phase) + 1];
  if (following === undefined) return { ...state, phaseRecords: records };
  return { ...state, phase: following, enteredAt: at, phaseRecords: entered(records, following, at) };
}

function entered(
  records: WorkflowState['phaseRecords'],
  phase: string,
  at: number,
): WorkflowState['phaseRecords'] {
  return { ...records, [phase]: { enteredAt: at, completedAt: null } };
}

/** The status of a workflow whose phase is at work again. */
function running(state: WorkflowState): Pick<WorkflowState, 'status'> {
  return { status: state.direction === 'undo' ? 'undoing' : 'running' };
}

/** Out of a block, a failure or a wait, without touching an ended workflow. */
function awake(state: WorkflowState): Partial<WorkflowState> {
  if (isEnded(state)) return {};
  return { ...running(state), waiting: null, blocked: null, problem: null };
}

import type { Json, JsonObject } from './json';

/** A failure as it is kept in the log: stable code, what happened, what to do. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export type Direction = 'forward' | 'undo';

/** Every type of event with its data. Types are past tense; no secret ever enters an event. */
export interface EventData {
  'workflow-started': {
    readonly workflow: string;
    readonly queue: string;
    readonly phases: readonly string[];
    readonly input: JsonObject;
    /** What the workflow works on, usually the name of a cluster. */
    readonly scope: string;
    /** One line for people. */
    readonly title: string;
    /** Held by this workflow alone until it ends. */
    readonly resources: readonly string[];
    /** What it works on next to others. Missing in workflows that began before it was noted. */
    readonly touches?: readonly string[];
    readonly parent?: string;
  };
  'attempt-started': { readonly phase: string; readonly direction: Direction; readonly worker: string };
  'attempt-abandoned': { readonly phase: string; readonly worker: string; readonly detectedBy: string };
  'attempt-failed': {
    readonly phase: string;
    readonly problem: Problem;
    readonly attempt: number;
    readonly retryAfterMs: number;
  };
  'command-issued': { readonly command: string; readonly target: string; readonly action: string };
  'command-replied': {
    readonly command: string;
    readonly tookMs: number;
    readonly reply?: Json;
    readonly problem?: Problem;
  };
  'fact-recorded': { readonly facts: JsonObject };
  'step-completed': { readonly phase: string; readonly step: string; readonly data?: Json };
  'point-of-no-return-passed': { readonly phase: string; readonly reason: string };
  'point-of-no-return-revoked': { readonly phase: string; readonly reason: string };
  'guard-armed': { readonly guard: string; readonly expiresInMs: number };
  'guard-released': { readonly guard: string };
  'phase-waited': {
    readonly phase: string;
    readonly code: string;
    readonly message: string;
    readonly progress?: Json;
  };
  'phase-blocked': {
    readonly phase: string;
    readonly problem: Problem;
    /** Who can end the block: a role, or a machine that has to come back. */
    readonly unblock: string;
    readonly recheckAfterMs: number | null;
  };
  'phase-completed': { readonly phase: string; readonly tookMs: number; readonly result?: Json };
  'phase-failed': { readonly phase: string; readonly problem: Problem };
  'workflow-paused': { readonly reason: string };
  'workflow-resumed': Record<string, never>;
  'cancel-requested': { readonly reason: string };
  'retry-requested': { readonly reason: string };
  'approval-given': { readonly code: string; readonly note: string };
  'settings-changed': { readonly settings: JsonObject; readonly reason: string };
  'undo-started': { readonly phase: string };
  'undo-completed': { readonly phase: string; readonly tookMs: number };
  'child-started': { readonly child: string; readonly workflow: string };
  'child-ended': { readonly child: string; readonly status: EndStatus };
  'workflow-completed': { readonly tookMs: number };
  'workflow-cancelled': { readonly tookMs: number };
}

export type EndStatus = 'completed' | 'cancelled';
export type EventType = keyof EventData;

/** An event that has not been appended yet. */
export type DraftEvent = {
  [T in EventType]: {
    readonly type: T;
    readonly data: EventData[T];
    /** When it happened, ISO 8601 UTC, where that was before the append. */
    readonly at?: string;
    /** Who, where that is not whoever appends it. */
    readonly actor?: string;
  };
}[EventType];

/** An event of the log. `version` counts from 1 without a gap; `hash` chains over `prev`, the hash of the event before it. */
export type WorkflowEvent = DraftEvent & {
  readonly workflowId: string;
  readonly version: number;
  /** When it happened, ISO 8601, UTC, by the appending process' clock. */
  readonly at: string;
  /** Who: `operator:<name>`, `worker:<name>`, `watchdog:<name>`, `parent:<workflow>`, `child:<workflow>`. */
  readonly actor: string;
  readonly prev: string;
  readonly hash: string;
};

/** Builds a draft with its data checked against its type. */
export function draft<T extends EventType>(type: T, data: EventData[T]): DraftEvent {
  return { type, data } as DraftEvent;
}

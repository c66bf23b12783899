import type { Steering } from './decide';
import type { Direction } from './events';
import type { Json, JsonObject } from './json';
import type { Outcome } from './outcome';
import type { WorkflowState } from './state';
import type { WorkflowSummary } from './summary';
import type { ResourceHeld } from './workflow.errors';

/**
 * One phase of one workflow. It looks at the real world first, does only what is missing, verifies, and says how it went.
 * It may be run any number of times, by any worker, also after it had succeeded: everything in it is safe to repeat.
 */
export interface Phase<Input extends JsonObject = JsonObject> {
  readonly workflow: string;
  readonly name: string;
  run(context: PhaseContext<Input>): Promise<Outcome>;
  /** Takes back what `run` did, as far as it came. Without it there is nothing to take back. */
  undo?(context: PhaseContext<Input>): Promise<Outcome>;
}

/** A change to a cluster. */
export interface Command<T> {
  /** Who is told: `pika 127.0.0.1:9521`. */
  readonly target: string;
  /** What, in the target's own words, without secrets. */
  readonly action: string;
  /** Sends it. `gate` must be called synchronously right before the bytes leave; it throws when this attempt may not act. */
  send(gate: () => void): Promise<T>;
  /** What of the reply is kept in the log; nothing means "it was accepted". */
  record?(reply: T): Json;
}

/** What has to stand in the log before a command is sent: whoever takes over then knows which way is safe. */
export interface Intent {
  readonly facts?: JsonObject;
  /** From here on only the way forward is safe. */
  readonly pointOfNoReturn?: string;
  /** A cancel that was recorded before this intent, also in the same moment, keeps it from being stored: AttemptInterrupted. */
  readonly unlessCancelled?: true;
  /** From here on another worker takes over after so many ms without a word. */
  readonly guard?: { readonly name: string; readonly expiresInMs: number };
}

/** A child workflow to start. */
export interface ChildStart {
  /** The same for the same piece of work in every attempt: by it an attempt finds what an earlier one has started. */
  readonly id: string;
  readonly input: JsonObject;
}

/** All that a phase may touch of the engine. */
export interface PhaseContext<Input extends JsonObject = JsonObject> {
  readonly workflowId: string;
  readonly input: Input;
  /** The last known state, own buffered facts included. */
  readonly state: WorkflowState;
  readonly facts: JsonObject;
  readonly direction: Direction;
  /** Wall clock milliseconds. */
  now(): number;
  /** Milliseconds since this phase was entered. */
  elapsedMs(): number;
  /** True when an operator wants the workflow undone. Fresh only after `refresh` or a command. */
  readonly cancelRequested: boolean;
  /** Has an operator approved this blocked state? */
  approved(code: string): boolean;
  /** Aborted when the attempt may not act any more. */
  readonly signal: AbortSignal;
  /**
   * Sends a change to a cluster: the lease is checked, the command (with its intent) is appended at the expected version, the
   * gate checks the lease once more as the bytes leave, and the reply is recorded. Throws LeaseLost, AttemptInterrupted,
   * LogUnavailable (then nothing was sent), or what `send` throws.
   */
  command<T>(command: Command<T>, intent?: Intent): Promise<T>;
  /**
   * Puts several commands into the log in one append, behind their intent and in their order, and gives back one function for
   * each, which sends it as `command` does and records its reply. For sections in which clients stand still: one round trip
   * to the log instead of one for each command. A function may be called later, out of order, or never; calling it twice
   * throws CommandSpent. What has not been sent when the phase returns is recorded as replied with the problem `not-sent`.
   *
   * Between the announcement and the sending nothing asks the log: a cancel or another steering that comes after the
   * announcement is seen only at the next append or `refresh`; from then on the functions throw AttemptInterrupted where
   * `command` would. And whoever takes over must treat each announced command without a reply as possibly sent.
   *
   * Throws what `command` throws before it sends; then nothing can be sent.
   */
  announce<T>(commands: readonly Command<T>[], intent?: Intent): Promise<(() => Promise<T>)[]>;
  /**
   * For ending a hold while the log cannot be reached: sends under the lease alone and records it later. Only for commands
   * that are safe whatever the log holds.
   */
  commandWithoutLog<T>(command: Command<T>): Promise<T>;
  /** Keeps facts; stored together with the next command or the outcome. */
  record(facts: JsonObject): void;
  /** Says that a step of this phase is done; stored together with the next command or the outcome. */
  step(name: string, data?: Json): void;
  /** Says that the way back is safe again, because what the intent announced did not happen; stored like a step. */
  revokePointOfNoReturn(reason: string): void;
  /** Stores an intent, and all that is buffered, now. */
  persist(intent?: Intent): Promise<void>;
  /** Ends a guard; stored at once. */
  releaseGuard(): Promise<void>;
  /** Ends a guard together with the outcome of this attempt, without an append of its own. Until then another worker may take over. */
  releaseGuardAtEnd(): void;
  /** Loads what others appended meanwhile. */
  refresh(): Promise<void>;
  /**
   * Starts child workflows, each once however often it is called, and notes them in this workflow's log together. Gives
   * back those that were refused because another workflow holds what they need, by their id. Throws LeaseLost or
   * LogUnavailable: then some of them may have been started, and the same call in the next attempt finds them.
   */
  startChildren(
    definitionName: string,
    children: readonly ChildStart[],
  ): Promise<ReadonlyMap<string, ResourceHeld>>;
  /** Starts one child workflow. Throws ResourceHeld, and what `startChildren` throws. */
  startChild(definitionName: string, childId: string, input: JsonObject): Promise<void>;
  /** Where children stand; those that are not known are left out. */
  childSummaries(ids: readonly string[]): Promise<WorkflowSummary[]>;
  /** The facts of children by their ids, loaded side by side; of one that is not known there are none. Throws LogUnavailable. */
  childrenFacts(ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;
  /** The facts of one child. */
  childFacts(childId: string): Promise<JsonObject>;
  /** The facts of the workflow that started this one; none when nobody did. Throws LogUnavailable. */
  parentFacts(): Promise<JsonObject>;
  /**
   * Lets children that wait look again now instead of when they would; others are left alone. Nothing of it is stored: one that
   * begins to wait at this very moment is missed, so call it until all have gone on. Throws LogUnavailable.
   */
  wakeChildren(ids: readonly string[]): Promise<void>;
  /** Asks something of a child, in the parent's name. A child that has ended is left alone. */
  steerChild(childId: string, request: Steering): Promise<void>;
}

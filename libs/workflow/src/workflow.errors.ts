import { SlotferryError } from '@slotferry/platform';
import type { WorkflowState } from './state';

/** Base of what the engine throws. */
export class WorkflowError extends SlotferryError {}

/** Another writer was faster. Load again and decide anew. */
export class VersionConflict extends WorkflowError {
  constructor(
    workflowId: string,
    expected: number,
    readonly actual: number,
  ) {
    super({
      code: 'version-conflict',
      message: `${workflowId} is at version ${actual}, not ${expected}`,
      remedy: 'Look at it again and repeat what you asked for.',
    });
  }
}

/** The attempt may not act any more: its lease ran out, or another attempt has taken over. Nothing was sent. */
export class LeaseLost extends WorkflowError {
  constructor(workflowId: string, why: string) {
    super({
      code: 'lease-lost',
      message: `the attempt at ${workflowId} may not act any more: ${why}`,
      remedy: 'Nothing to do: another worker goes on.',
    });
  }
}

/** Nobody answers where the event log is kept; whether a pending append was stored is not known. */
export class LogUnavailable extends WorkflowError {
  constructor(workflowId: string, cause: unknown) {
    super(
      {
        code: 'log-unavailable',
        message: `the event log of ${workflowId} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`,
        remedy: 'Check the Redis that SLOTFERRY_REDIS_URL names. Work goes on by itself when it answers.',
      },
      { cause },
    );
  }
}

/** Thrown inside a phase when a cancel came in before its next command: the attempt ends, the way back begins. */
export class AttemptInterrupted extends WorkflowError {
  constructor(workflowId: string) {
    super({
      code: 'attempt-interrupted',
      message: `${workflowId} was cancelled`,
      remedy: 'Nothing to do: what was done is undone.',
    });
  }
}

/** A command that was announced was sent already, or its attempt has ended meanwhile. Nothing was sent. */
export class CommandSpent extends WorkflowError {
  constructor(workflowId: string, command: { readonly target: string; readonly action: string }) {
    super({
      code: 'command-spent',
      message: `${workflowId} announced "${command.action}" to ${command.target} once and cannot send it now: it was sent, or the attempt is over`,
      remedy:
        'This is a defect of the phase: each announced command is sent once at most, before the phase returns.',
    });
  }
}

/** What the workflow wants to hold alone is held by another one. */
export class ResourceHeld extends WorkflowError {
  constructor(
    readonly resource: string,
    readonly holder: string,
  ) {
    super({
      code: 'resource-held',
      message: `${resource} is held by workflow ${holder}`,
      remedy: `Wait until it ends, or cancel it: slotferry workflow cancel ${holder}`,
    });
  }
}

export class WorkflowNotFound extends WorkflowError {
  constructor(workflowId: string) {
    super({
      code: 'workflow-not-found',
      message: `there is no workflow ${workflowId}`,
      remedy: 'List them: slotferry workflow list',
    });
  }
}

/** The same command id was used for something else before. */
export class CommandIdReused extends WorkflowError {
  constructor(commandId: string) {
    super({
      code: 'command-id-reused',
      message: `the id "${commandId}" was used for another request`,
      remedy: 'Use a new id for a new request.',
    });
  }
}

/** The workflow is not in a state in which this can be asked of it. */
export class SteeringRefused extends WorkflowError {
  constructor(state: WorkflowState, request: string, why: string) {
    super({
      code: 'steering-refused',
      message: `cannot ${request} ${state.id}: ${why}`,
      remedy: `See what it does: slotferry workflow show ${state.id}`,
    });
  }
}

/** The log holds something that is not an event of ours. */
export class LogUnreadable extends WorkflowError {
  constructor(workflowId: string, entry: string, why: string) {
    super({
      code: 'log-unreadable',
      message: `entry ${entry} of the log of ${workflowId} cannot be read: ${why}`,
      remedy: 'Something else has changed the log. Restore Redis from its append-only file.',
    });
  }
}

/** The registry of phases does not fit the definitions. The process must not start. */
export class RegistryFault extends WorkflowError {
  constructor(what: string) {
    super({
      code: 'registry-fault',
      message: what,
      remedy: 'This is a defect of the build: every phase needs exactly one handler.',
    });
  }
}

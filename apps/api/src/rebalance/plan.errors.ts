import { ApiError, type ListedProblem } from '../errors/api-error';

/** The cluster is not any more as the plan took it to be; nothing was started. */
export class PlanDrifted extends ApiError {
  constructor(id: string, how: string) {
    super(409, {
      code: 'plan-drifted',
      message: `the cluster is not as plan ${id} took it to be: ${how}`,
      remedy: 'Plan anew and look at the new plan before executing it.',
    });
  }
}

export class NothingToMove extends ApiError {
  constructor(id: string) {
    super(409, {
      code: 'nothing-to-move',
      message: `plan ${id} moves no slot: the cluster is as it was wanted`,
      remedy: 'Nothing is to be done.',
    });
  }
}

/** Masters that do not tell how much was written to their slots; nothing was planned. */
export class WrittenUnknown extends ApiError {
  constructor(problems: readonly [ListedProblem, ...ListedProblem[]]) {
    const [{ code, message, remedy }, ...others] = problems;
    super(
      code === 'timed-out' ? 504 : 502,
      {
        code: 'written-unknown',
        message: `what was written to the slots is not known: ${message}${others.length > 0 ? ` (and ${others.length} more)` : ''}`,
        remedy,
      },
      problems,
    );
  }
}

/** The workflow to take back is none that could be. */
export class NotUndoable extends ApiError {
  constructor(workflow: string, why: string) {
    super(422, {
      code: 'not-undoable',
      message: `${workflow} cannot be taken back here: ${why}`,
      remedy: 'Name a rebalance of this cluster: slotferry workflow list --workflow rebalance',
    });
  }
}

/** Only rebalances have settings. */
export class NoSettings extends ApiError {
  constructor(id: string, workflow: string) {
    super(409, {
      code: 'no-settings',
      message: `${id} is a ${workflow}, and that has no settings`,
      remedy: 'Name a rebalance: slotferry workflow list --workflow rebalance',
    });
  }
}

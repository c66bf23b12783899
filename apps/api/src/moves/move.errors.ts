import { type Problem } from '@slotferry/platform';
import { ApiError } from '../errors/api-error';

/** Slots that cannot be moved as they are; nothing was started. */
export class MoveRefused extends ApiError {
  constructor(problems: readonly [Problem, ...Problem[]]) {
    const [{ code, message, remedy }, ...others] = problems;
    super(
      409,
      { code, message: `${message}${others.length > 0 ? ` (and ${others.length} more)` : ''}`, remedy },
      problems,
    );
  }
}

export class TableUnknown extends ApiError {
  constructor(cluster: string, table: number, known: readonly number[]) {
    super(422, {
      code: 'table-unknown',
      message: `cluster ${cluster} has no table ${table}; it has: ${known.join(', ')}`,
      remedy: 'Use one of these, or add the table to the cluster file and apply it again.',
    });
  }
}

export class TooManySlots extends ApiError {
  constructor(asked: number, limit: number) {
    super(422, {
      code: 'too-many-slots',
      message: `${asked} slots are too many for one request: at most ${limit}`,
      remedy: `Move at most ${limit} slots at once, or plan a rebalance: slotferry rebalance --cluster <name> --slots <slots> --to <group>`,
    });
  }
}

/** Somebody was faster at one of the slots: the others before it were started. */
export class MovesPartlyStarted extends ApiError {
  constructor(started: readonly string[], cause: Problem) {
    super(
      409,
      {
        code: 'moves-partly-started',
        message: `started: ${started.join(', ')}; then ${cause.message}`,
        remedy: `The moves that were started go on. ${cause.remedy} Then move the rest.`,
      },
      [{ code: cause.code, message: cause.message, remedy: cause.remedy }],
      { cause },
    );
  }
}

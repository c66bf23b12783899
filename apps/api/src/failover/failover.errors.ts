import { type Problem } from '@slotferry/platform';
import { ApiError } from '../errors/api-error';

/** Only failovers take a node of an operator's choice. */
export class NoChoice extends ApiError {
  constructor(id: string, workflow: string) {
    super(409, {
      code: 'no-choice',
      message: `${id} is a ${workflow}: it takes no node of your choice`,
      remedy: 'Approve it without a choice, or name a failover: slotferry workflow list --workflow failover',
    });
  }
}

/** The switchover would not begin as things are; nothing was started. */
export class SwitchoverRefused extends ApiError {
  constructor(refusals: readonly [Problem, ...Problem[]]) {
    const [{ code, message, remedy }, ...others] = refusals;
    super(
      409,
      { code, message: `${message}${others.length > 0 ? ` (and ${others.length} more)` : ''}`, remedy },
      refusals,
    );
  }
}

/** What the failover workers found is not known. */
export class NobodyLooks extends ApiError {
  constructor(cluster: string, why: string) {
    super(409, {
      code: 'nobody-looks',
      message: `nobody looks for broken replicas of ${cluster}: ${why}`,
      remedy: 'See who is at work: slotferry failover status --cluster <name>. Then ask again.',
    });
  }
}

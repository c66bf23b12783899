import { type RedisFinding } from '@slotferry/platform';
import { ApiError } from '../errors/api-error';

/** Redis answers, but must not keep an event log as it is. */
export class NotReady extends ApiError {
  constructor(faults: readonly RedisFinding[]) {
    const problems = faults.map(({ code, message, remedy }) => ({ code, message, remedy }));
    super(
      503,
      {
        code: faults[0]?.code ?? 'not-ready',
        message: faults.map(({ message }) => message).join(' '),
        remedy: faults.map(({ remedy }) => remedy).join(' '),
      },
      problems,
    );
  }
}

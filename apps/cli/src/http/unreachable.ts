import { CliError } from '../cli-error';

/** The API does not answer. */
export class Unreachable extends CliError {
  constructor(url: string, cause: unknown) {
    super(
      'api-unreachable',
      `the API at ${url} cannot be reached: ${reasonOf(cause)}`,
      'Start the API, or say where it is with --url or SLOTFERRY_URL.',
    );
  }
}

/** fetch hides the reason in the cause, and the reasons for several addresses in an array. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'it did not answer in time';
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

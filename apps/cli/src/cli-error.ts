import { ExitCode } from './exit-code';

/** Ends the command: what happened, what to do, and the exit code. */
export class CliError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    readonly exitCode: ExitCode = ExitCode.failed,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** The command line is wrong. */
export function usageError(message: string, remedy: string): CliError {
  return new CliError('usage', message, remedy, ExitCode.usage);
}

import { CliError } from '../cli-error';
import { ExitCode } from '../exit-code';
import { ApiProblem } from '../http/api-problem';

/** Prints an error for people to stderr, and for programs to stdout when they asked for JSON. Returns the exit code. */
export function reportError(error: unknown, json: boolean): ExitCode {
  const told = error instanceof CliError ? error : defect(error);
  if (json) console.log(JSON.stringify({ error: documentOf(told) }));
  for (const line of linesOf(told)) console.error(line);
  return told.exitCode;
}

function documentOf(error: CliError): object {
  const { code, message, remedy } = error;
  if (!(error instanceof ApiProblem)) return { code, message, remedy };
  const { status, errorId, problems } = error;
  return { code, message, remedy, status, errorId, problems };
}

function linesOf(error: CliError): string[] {
  const listed = error instanceof ApiProblem ? error.problems : [];
  // Problems of a file have a line each in the message already.
  if (listed.length > 1 && listed.every(({ line }) => line === undefined)) {
    return listed.flatMap(({ message, remedy }) => pair(message, remedy));
  }
  const errorId = error instanceof ApiProblem ? error.errorId : null;
  return [
    ...pair(error.message, error.remedy),
    ...(errorId ? [`error id: ${errorId} (the log of the API carries it)`] : []),
  ];
}

function pair(message: string, remedy: string): string[] {
  return [...message.split('\n').map((line) => `error: ${line}`), `remedy: ${remedy}`];
}

function defect(error: unknown): CliError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CliError(
    'defect',
    text,
    'This is a defect of slotferry. Please report it with the lines above.',
  );
}

import { CliError } from '../cli-error';
import { ExitCode } from '../exit-code';

export interface ListedProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly line?: number;
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly errorId?: string;
  readonly problems?: readonly ListedProblem[];
}

/** The API refused, or failed. */
export class ApiProblem extends CliError {
  readonly errorId: string | null;
  readonly problems: readonly ListedProblem[];

  constructor(
    readonly status: number,
    body: ErrorBody,
  ) {
    const isUsage = status === 400 || status === 422;
    super(body.code, body.message, body.remedy, isUsage ? ExitCode.usage : ExitCode.failed);
    this.errorId = body.errorId ?? null;
    this.problems = body.problems ?? [];
  }
}

/** The problem in an answer that is an error, whoever gave it. */
export function problemIn(status: number, url: string, text: string): ApiProblem {
  return new ApiProblem(status, errorBody(text) ?? notOurs(status, url));
}

function errorBody(text: string): ErrorBody | null {
  try {
    const body = JSON.parse(text) as Partial<ErrorBody> | null;
    const { code, message, remedy } = body ?? {};
    return code !== undefined && message !== undefined && remedy !== undefined ? (body as ErrorBody) : null;
  } catch {
    return null;
  }
}

function notOurs(status: number, url: string): ErrorBody {
  return {
    code: 'not-slotferry',
    message: `${url} answered ${status}, and not as the API of Slotferry does`,
    remedy: 'Check the address given by --url or SLOTFERRY_URL, and what stands in between.',
  };
}

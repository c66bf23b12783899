import { HttpException } from '@nestjs/common';
import { ClusterError, ClusterFileError } from '@slotferry/cluster';
import { newId, SlotferryError, toProblem } from '@slotferry/platform';
import { ApiError } from './api-error';
import { type ErrorAnswerDto } from './error-answer.dto';
import { statusOf } from './status-of';

/** An error as HTTP tells it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorAnswerDto;
}

/** The answer to anything thrown. Failures of ours (500 and above) carry an id. */
export function answerTo(error: unknown): ErrorAnswer {
  const { status, body } = understood(error) ?? { status: 500, body: toProblem(error) };
  return status < 500 ? { status, body } : { status, body: { ...body, errorId: newId('err') } };
}

function understood(error: unknown): ErrorAnswer | null {
  if (error instanceof SlotferryError || error instanceof ClusterError) {
    const { code, message, remedy } = error;
    return { status: statusOf(error), body: { code, message, remedy, ...problemsOf(error) } };
  }
  const status = httpStatusOf(error);
  if (status === null || status >= 500) return null;
  return { status, body: { ...framework(status), message: (error as Error).message } };
}

function problemsOf(error: Error): Pick<ErrorAnswerDto, 'problems'> {
  if (error instanceof ClusterFileError) return { problems: [...error.problems] };
  if (error instanceof ApiError && error.problems) return { problems: [...error.problems] };
  return {};
}

/** Express and its body parser put the status on the error. */
function httpStatusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const status = error instanceof Error && 'status' in error ? Number(error.status) : NaN;
  return status >= 400 && status < 600 ? status : null;
}

function framework(status: number): { code: string; remedy: string } {
  if (status === 404) return { code: 'route-not-found', remedy: 'See /docs for what this API answers.' };
  if (status === 413) return { code: 'request-too-large', remedy: 'Send at most 1 MB.' };
  return { code: 'request-invalid', remedy: 'See /docs for what this request takes.' };
}

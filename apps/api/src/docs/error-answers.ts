import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ErrorAnswerDto } from '../errors/error-answer.dto';

const MEANING: Readonly<Record<number, string>> = {
  400: 'The form of the request is wrong.',
  401: 'No key, or a wrong one.',
  404: 'There is no such thing.',
  409: 'It does not fit the present state.',
  422: 'The content of the request cannot be used.',
  500: 'A failure of Slotferry; the log carries the errorId.',
  502: 'A part of the cluster refuses, cannot be reached or answers nonsense.',
  503: 'Redis cannot be used.',
  504: 'A part of the cluster does not answer in time.',
};
/** What every route with a key can answer. */
const COMMON = [401, 500, 503];

/** Documents the errors of a route. */
export function ErrorAnswers(...statuses: number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...[...COMMON, ...statuses].map((status) =>
      ApiResponse({ status, type: ErrorAnswerDto, description: MEANING[status] }),
    ),
  );
}

import { type ValidationError } from '@nestjs/common';
import { ApiError, type ListedProblem } from './api-error';

/** A request whose form is wrong. */
export class RequestInvalid extends ApiError {
  constructor(problems: readonly ListedProblem[]) {
    const [first] = problems;
    super(
      400,
      {
        code: 'request-invalid',
        message: problems.map(({ message }) => message).join('; ') || 'the request cannot be read',
        remedy: first?.remedy ?? REMEDY,
      },
      problems,
    );
  }
}

/** One field that is wrong. */
export function wrongField(path: string, message: string, remedy: string = REMEDY): RequestInvalid {
  return new RequestInvalid([{ code: 'field-invalid', message, remedy, path }]);
}

/** What class-validator found. */
export function invalidRequest(errors: ValidationError[]): RequestInvalid {
  return new RequestInvalid(errors.flatMap((error) => problemsOf(error, '')));
}

const REMEDY = 'See /docs for what this request takes.';

function problemsOf(error: ValidationError, parent: string): ListedProblem[] {
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({
    code: 'field-invalid',
    message,
    remedy: REMEDY,
    path,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, path))];
}

import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { type Request } from 'express';
import { wrongField } from './errors/request-invalid';

const HEADER = 'Idempotency-Key';
const FORM = /^[A-Za-z0-9_-]{8,64}$/;

/** The request's Idempotency-Key, or undefined. Throws RequestInvalid when it has another form. */
export const IdempotencyKey = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const key = context.switchToHttp().getRequest<Request>().header(HEADER);
  if (key === undefined || FORM.test(key)) return key;
  throw wrongField(
    HEADER,
    `the header ${HEADER} has a wrong form`,
    'Send 8 to 64 letters, digits, dashes and underscores, for example a UUID; a new one for every new request.',
  );
});

/** Documents the header. */
export function TakesIdempotencyKey(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiHeader({
      name: HEADER,
      required: false,
      description:
        'Makes the request safe to repeat: the same key again is the same request, not another one. 8-64 of A-Z a-z 0-9 _ -; ' +
        'capitals and small letters count as the same, so do _ and -.',
      example: '0f7c1c1e-6f0a-4a53-9a0c-0d5b2b8b7a11',
    }),
  );
}

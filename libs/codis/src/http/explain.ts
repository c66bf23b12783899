import { formatDuration } from '@slotferry/platform';

import { CodisError, type CodisErrorCode } from '../codis.errors';
import { type Asked } from './accept';
import { ExchangeError, type NoAnswerReason } from './exchange-error';

/** What is asked: a dashboard or a proxy. Decides what silence is called. */
export interface Party {
  /** Reads like `the proxy 10.0.0.1:11080`. */
  readonly name: string;
  /** Admin address, when it is a proxy. */
  readonly proxy?: string;
  readonly codeWhenUnreachable: CodisErrorCode;
  readonly codeWhenSilent: CodisErrorCode;
}

/** The typed error for an exchange that brought no answer. Everything else, such as what a gate threw, stays as it is. */
export function explain(error: unknown, asked: Asked, party: Party, limits: ExplainedLimits): unknown {
  if (!(error instanceof ExchangeError)) return error;
  return new CodisError({
    code: codeOf(error.reason, party),
    message: `${asked.text} failed: ${describe(error, party, limits)}.`,
    outcomeUnknown: asked.method === 'PUT' && error.sent,
    ...(party.proxy === undefined ? {} : { proxy: party.proxy }),
    cause: error,
  });
}

interface ExplainedLimits {
  readonly connectTimeoutMs: number;
  readonly answerTimeoutMs: number;
}

function codeOf(reason: NoAnswerReason, party: Party): CodisErrorCode {
  switch (reason) {
    case 'unreachable':
    case 'connect-timeout':
      return party.codeWhenUnreachable;
    case 'answer-timeout':
      return party.codeWhenSilent;
    case 'lost':
    case 'cut':
      return 'connection-lost';
    case 'not-http':
      return 'not-codis';
    case 'too-long':
      return 'bad-answer';
  }
}

function describe(error: ExchangeError, party: Party, limits: ExplainedLimits): string {
  switch (error.reason) {
    case 'unreachable':
      return `${party.name} cannot be reached${why(error.cause)}`;
    case 'connect-timeout':
      return `${party.name} took no connection within ${formatDuration(limits.connectTimeoutMs)}`;
    case 'answer-timeout':
      return `${party.name} gave no complete answer within ${formatDuration(limits.answerTimeoutMs)}`;
    case 'lost':
      return `${party.name} closed the connection without an answer${why(error.cause)}`;
    case 'cut':
      return `${party.name} closed the connection in the middle of its answer`;
    case 'not-http':
      return `${party.name} does not speak HTTP`;
    case 'too-long':
      return `${party.name} sent more than any Codis would`;
  }
}

function why(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === undefined ? '' : ` (${code})`;
}

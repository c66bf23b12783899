/**
 * Why there is no answer.
 * - `unreachable`, `connect-timeout`: no connection; nothing was sent.
 * - `answer-timeout`: sent, no complete answer in time.
 * - `lost`: the connection broke before the answer began; `cut`: in the middle of it.
 * - `not-http`: what came is no HTTP; `too-long`: it is longer than any answer of Codis.
 */
export type NoAnswerReason =
  'unreachable' | 'connect-timeout' | 'answer-timeout' | 'lost' | 'cut' | 'not-http' | 'too-long';

/** An exchange without an answer. */
export class ExchangeError extends Error {
  /** Whether bytes of the request left this process. */
  readonly sent: boolean;
  /** Whether an idle connection was used, which the other side may have closed already. */
  readonly reused: boolean;

  constructor(
    readonly reason: NoAnswerReason,
    details: { readonly sent: boolean; readonly reused: boolean; readonly cause?: unknown },
  ) {
    super(reason, { cause: details.cause });
    this.name = 'ExchangeError';
    this.sent = details.sent;
    this.reused = details.reused;
  }
}

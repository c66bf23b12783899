export type RespErrorCode = 'RESP_PROTOCOL' | 'RESP_CLOSED' | 'RESP_CONNECT' | 'RESP_TIMEOUT';

/** A connection that cannot be used any more, or bytes that are not RESP. */
export class RespConnectionError extends Error {
  constructor(
    readonly code: RespErrorCode,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'RespConnectionError';
  }
}

/** Bytes that are not RESP: the stream has lost its frame, so the connection must be closed. */
export function protocolError(what: string): RespConnectionError {
  return new RespConnectionError(
    'RESP_PROTOCOL',
    `Protocol error: ${what}`,
    'Check that the other side speaks RESP2.',
  );
}

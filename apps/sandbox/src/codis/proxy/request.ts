import { type Operation } from './op-table';

/** The bytes of a reply, or why there is none. */
export type Outcome = Buffer | Error;

export type Done = (outcome: Outcome) => void;

/** A command on its way to a backend. */
export interface ProxyRequest {
  readonly operation: Operation;
  readonly args: readonly Buffer[];
  /** What a migration step asks about; empty when the command has no key. */
  readonly key: Buffer;
  readonly database: number;
  /** Whether the client is gone, so that nobody would receive a reply. */
  readonly isBroken: () => boolean;
}

/** A command that cannot be handed to a backend: the client gets `ERR handle request, <message>`. */
export class RequestError extends Error {
  readonly code = 'CODIS_PROXY_REQUEST';

  constructor(message: string) {
    super(message);
    this.name = 'RequestError';
  }
}

/** A backend that gave no reply: the client gets `ERR handle response, <message>`. */
export class BackendError extends Error {
  readonly code = 'CODIS_PROXY_BACKEND';

  constructor(message: string) {
    super(message);
    this.name = 'BackendError';
  }
}

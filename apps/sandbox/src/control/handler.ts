import { type SandboxParts } from '../sandbox-parts';

export interface ControlRequest {
  /** The parts of the path that begin with a colon in the route. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Answers one request; what it returns is sent as JSON. */
export type ControlHandler = (sandbox: SandboxParts, request: ControlRequest) => unknown;

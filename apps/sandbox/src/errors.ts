export type SandboxErrorCode =
  'SANDBOX_OPTIONS' | 'SANDBOX_SETUP' | 'SANDBOX_NOT_FOUND' | 'SANDBOX_BAD_REQUEST' | 'SANDBOX_METHOD';

/** A request or an option that the sandbox cannot follow. */
export class SandboxError extends Error {
  constructor(
    readonly code: SandboxErrorCode,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'SandboxError';
  }
}

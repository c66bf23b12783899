/**
 * Base of every error this library throws.
 * `code` is stable and made for programs, the message says what happened, `remedy` says what to do about it.
 */
export abstract class ClusterError extends Error {
  abstract readonly code: string;

  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** How the tool ends. */
export const ExitCode = {
  /** It is done, or accepted when nobody waits for it. */
  done: 0,
  /** It failed, was cancelled, or the API cannot be reached. */
  failed: 1,
  /** The command line or the cluster file is wrong. */
  usage: 2,
  /** A workflow needs an operator. */
  blocked: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

import { type ExitCode } from './exit-code';

/** Takes the exit code of the command that ran. */
export type Ended = (code: ExitCode) => void;

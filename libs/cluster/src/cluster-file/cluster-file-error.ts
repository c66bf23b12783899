import { ClusterError } from '../errors';

/** One thing wrong with a cluster file. */
export interface ClusterFileProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** For example `groups[1].nodes[0]`; empty for the file as a whole. */
  readonly path: string;
}

/** A cluster file that cannot be used, with everything that is wrong with it in the order of its lines. */
export class ClusterFileError extends ClusterError {
  readonly code = 'CLUSTER_FILE_INVALID';

  constructor(
    readonly fileName: string,
    readonly problems: readonly ClusterFileProblem[],
  ) {
    super(
      problems.map((problem) => describe(fileName, problem)).join('\n'),
      `Correct ${fileName} as said for each line, and try again.`,
    );
  }
}

function describe(fileName: string, { line, path, message, remedy }: ClusterFileProblem): string {
  return `${fileName}:${line}: ${path === '' ? '' : `${path}: `}${message} — ${remedy}`;
}

import { type Problem } from '../topology-problem';

/** A problem found while reading, to be given its line later. */
export interface Finding extends Problem {
  /** Whether to point at the value (when not said) or at its key. */
  readonly place?: 'key';
}

/** Where in a description something stands: keys and indexes from its root. */
export type ProblemPath = readonly (string | number)[];

export type TopologyProblemCode =
  | 'ADDRESS_INVALID'
  | 'GROUP_ID_OUT_OF_RANGE'
  | 'GROUP_REPEATED'
  | 'NODE_REPEATED'
  | 'SLOTS_OUT_OF_RANGE'
  | 'SLOTS_OVERLAP'
  | 'TABLE_ID_INVALID'
  | 'TABLE_REPEATED'
  | 'TABLE_SIZE_INVALID'
  | 'TABLE_UNKNOWN';

/** One thing wrong with a description, and what to do about it. */
export interface Problem<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  readonly remedy: string;
  readonly path: ProblemPath;
}

export type TopologyProblem = Problem<TopologyProblemCode>;

/** Prints a path the way people write one: `groups[1].nodes[0]`. Empty for the root. */
export function formatPath(path: ProblemPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}

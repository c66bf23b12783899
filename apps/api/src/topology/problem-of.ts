import { ClusterError } from '@slotferry/cluster';
import { type Problem, toProblem } from '@slotferry/platform';

/** What is told about a part of the cluster that could not be asked. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof ClusterError)) return toProblem(error);
  const { code, message, remedy } = error;
  return { code, message, remedy };
}

import { toProblem } from '@slotferry/platform';
import type { Problem } from '../events';
import type { Json } from '../json';

/** An error as it may stand in the log: code, message, remedy, without secrets. */
export function problemOf(error: unknown, redact: (value: Json) => Json): Problem {
  const { code, message, remedy } = toProblem(error);
  return redact({ code, message, remedy }) as unknown as Problem;
}

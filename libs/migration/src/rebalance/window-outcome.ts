import { type Outcome, wait } from '@slotferry/workflow';

/** Between two looks at the clock, in milliseconds; a change of the windows wakes earlier. */
const pollMs = 1_000;

/** Nothing is started before a window opens. `opens`: wall clock milliseconds, or null for never. */
export function outsideWindows(opens: number | null): Outcome {
  const when = opens === null ? 'none ever opens' : `the next one opens at ${new Date(opens).toISOString()}`;
  return wait('outside-windows', `nothing is started outside the windows; ${when}`, pollMs);
}

import { done, type Outcome } from '@slotferry/workflow';
import type { Cast } from './cast';

/** Done, naming the nodes on which a copy of the slot may be left: `away` did not answer, `kept` may hold writes that are nowhere else. */
export function leftBehind({ away }: Pick<Cast, 'away'>, kept: readonly string[] = []): Outcome {
  if (away.length === 0 && kept.length === 0) return done();
  return done({ away: [...away], kept: [...kept] });
}

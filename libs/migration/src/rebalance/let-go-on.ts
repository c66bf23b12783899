import type { WorkflowSummary } from '@slotferry/workflow';
import { beingCreated } from '../move-slot/creation-watch';

/**
 * So many moves are let go on at a time once all slots are created: enough for windows of holds to be full, and few enough for what they
 * leave at the old masters to be cleaned up soon.
 */
const mostAwake = 256;

/**
 * Which of the moves that wait for the creation are let go on now, of all that have not ended, in their order. One that was let go on still
 * shows that it waited until it comes to something: it is named again, and counts.
 */
export function nextToGoOn(moves: readonly Pick<WorkflowSummary, 'id' | 'waiting'>[]): string[] {
  const asleep = moves.filter(({ waiting }) => waiting?.code === beingCreated);
  const free = Math.max(0, mostAwake - (moves.length - asleep.length));
  return asleep.slice(0, free).map(({ id }) => id);
}

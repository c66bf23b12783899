import { type WatchedGroup } from './analysis';
import { answersAny, type Sight, silentForQuorum } from './sights';

/** Silences that began within so many milliseconds of each other have one cause, as far as anybody can tell. */
export const AT_ONCE_MS = 60_000;

/** A group with what the workers that can be trusted see of it. */
export interface SeenGroup extends WatchedGroup {
  readonly quorum: number;
  readonly downAfterMs: number;
  readonly ofMaster: readonly Sight[];
  readonly ofReplicas: readonly (readonly Sight[])[];
}

/**
 * The groups whose masters fell silent together with too many others for it to be their own fault. Masters that have not been silent for
 * their down-after time yet count too, so that the first one to reach it is not replaced in the moment before the others reach theirs. One
 * that has been dead for long says nothing about one that dies now.
 */
export function deadTogether(groups: readonly SeenGroup[]): Set<number> {
  const owning = groups.filter(({ ownsSlots }) => ownsSlots);
  const silentFor = owning.flatMap((group) => {
    const forMs = silentForQuorum(group.ofMaster, group.quorum);
    return forMs === null ? [] : [{ group, forMs }];
  });
  const tooMany = silentFor.filter(({ forMs }) => {
    const together = silentFor.filter((other) => Math.abs(other.forMs - forMs) <= AT_ONCE_MS);
    return isTooMany(
      together.map(({ group }) => group),
      owning.length,
    );
  });
  return new Set(tooMany.map(({ group }) => group.group));
}

/**
 * Up to half of the masters that clients are sent to may die together. All of three or more never do by themselves. In between it counts
 * what else is seen: where a replica of each still answers, the way to the groups is open; and unless they are both of only two, each
 * machine must say itself that the process is gone, which no broken network says.
 */
function isTooMany(together: readonly SeenGroup[], owning: number): boolean {
  if (together.length < 2 || together.length * 2 <= owning) return false;
  if (!together.every(({ ofReplicas }) => ofReplicas.some(answersAny))) return true;
  if (owning === 2) return false;
  return together.length === owning || !together.every(isGone);
}

/** A quorum is told that nobody listens. */
function isGone({ ofMaster, quorum }: SeenGroup): boolean {
  return ofMaster.filter(({ condition }) => condition === 'refused').length >= quorum;
}

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
 * The groups whose masters fell silent together with too many others for it to be their own fault: more than one, and more than half of
 * those that clients are sent to. Masters that have not been silent for their down-after time yet count too, so that the first one
 * to reach it is not replaced in the moment before the others reach theirs. One that has been dead for long says nothing about one that dies now.
 *
 * Where only two groups have slots, two is both of them and no sign of anything: there it counts whether a replica of theirs still answers.
 * If one does, the network is fine, and they are dead.
 */
export function deadTogether(groups: readonly SeenGroup[]): Set<number> {
  const owning = groups.filter(({ ownsSlots }) => ownsSlots);
  const silent = owning.flatMap((group) => {
    const forMs = silentForQuorum(group.ofMaster, group.quorum);
    return forMs === null ? [] : [{ group, forMs }];
  });
  const tooMany = silent.filter(({ forMs }) => {
    const together = silent.filter((other) => Math.abs(other.forMs - forMs) <= AT_ONCE_MS);
    return isTooMany(
      together.map(({ group }) => group),
      owning.length,
    );
  });
  return new Set(tooMany.map(({ group }) => group.group));
}

function isTooMany(together: readonly SeenGroup[], owning: number): boolean {
  if (together.length < 2 || together.length * 2 <= owning) return false;
  return owning > 2 || !together.some(({ ofReplicas }) => ofReplicas.some(answersAny));
}

import {
  type ClusterDefinition,
  type GroupAnalysis,
  judge,
  type RouterView,
  type WatchedGroup,
  type WorkerVote,
} from '@slotferry/cluster';
import { type EpochEnd } from '@slotferry/failover';

/** What is known of a cluster at one moment. */
export interface Known {
  readonly definition: ClusterDefinition;
  /** Null when the router could not be asked: the cluster file counts instead. */
  readonly view: RouterView | null;
  readonly votes: readonly WorkerVote[];
  /** The time of the votes' clock, in milliseconds. */
  readonly now: number;
  readonly epochs: ReadonlyMap<number, EpochEnd>;
  readonly maintenance: boolean;
  /** Groups with a failover under way. */
  readonly underWay: ReadonlySet<number>;
}

/** A group, and what the workers make of their votes on it. */
export interface JudgedGroup extends WatchedGroup {
  readonly judged: GroupAnalysis;
}

/** No worker bears this name: whoever asks is not cut off. */
const NOBODY = '';

/** Judges all groups as a worker would that is not cut off. */
export function analyse(known: Known): JudgedGroup[] {
  const { definition, votes, now, maintenance } = known;
  const at = new Date(now);
  const groups = watchedGroups(known);
  const analyses = judge({
    groups,
    votes,
    self: NOBODY,
    settings: definition.failover,
    maintenance,
    now,
    minuteOfDay: at.getUTCHours() * 60 + at.getUTCMinutes(),
  });
  return groups.flatMap((watched) =>
    analyses.filter(({ group }) => group === watched.group).map((judged) => ({ ...watched, judged })),
  );
}

/** Groups as the router has them, or as the cluster file does. */
function watchedGroups({ definition, view, epochs, underWay }: Known): WatchedGroup[] {
  const groups = view?.groups ?? definition.groups.map(({ id, nodes }) => ({ id, servers: nodes }));
  const owners = new Set(view?.routes.map(({ group }) => group));
  return groups.flatMap(({ id, servers: [master, ...replicas] }) =>
    master === undefined
      ? []
      : [
          {
            group: id,
            master,
            replicas,
            ownsSlots: view === null || owners.has(id),
            blockedUntil: epochs.get(id)?.blockedUntil ?? 0,
            underWay: underWay.has(id),
          },
        ],
  );
}

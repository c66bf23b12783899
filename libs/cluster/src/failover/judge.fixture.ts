import { type GroupAnalysis, type JudgeInput, type WatchedGroup } from './analysis';
import { DEFAULT_FAILOVER, type FailoverSettings } from './failover-settings';
import { judge } from './judge';
import { type NodeCondition, type WorkerVote } from './observation';

export const NOW = Date.UTC(2030, 0, 1, 12);
export const WORKERS = ['w1', 'w2', 'w3'];

/** Group `n` has the master `n:m` and the replicas `n:r1`, `n:r2`, ... */
export function group(n: number, changes: Partial<WatchedGroup> = {}): WatchedGroup {
  return {
    group: n,
    master: `${n}:m`,
    replicas: [`${n}:r1`],
    ownsSlots: true,
    blockedUntil: 0,
    underWay: false,
    ...changes,
  };
}

export const groups = (count: number): WatchedGroup[] =>
  Array.from({ length: count }, (_, index) => group(index + 1));

/** What a worker sees of the nodes that do not answer; all others answer. */
export type Troubles = Readonly<Record<string, readonly [NodeCondition, silentMs: number]>>;

/** The same troubles for several workers. */
export function seenBy(workers: readonly string[], troubles: Troubles): Record<string, Troubles> {
  return Object.fromEntries(workers.map((worker) => [worker, troubles]));
}

/** Votes of the three workers on every node of the groups, cast now. */
export function votes(watched: readonly WatchedGroup[], troubles: Record<string, Troubles>): WorkerVote[] {
  const nodes = watched.flatMap(({ master, replicas }) => [master, ...replicas]);
  return WORKERS.map((worker) => ({
    worker,
    at: NOW,
    nodes: nodes.map((node) => {
      const [condition, silentMs] = troubles[worker]?.[node] ?? ['answering', 0];
      return { node, condition, silentMs, startedAt: null };
    }),
  }));
}

/** Down after 1 s, by a majority of the live workers. */
export function settings(changes: Partial<FailoverSettings> = {}): FailoverSettings {
  return { ...DEFAULT_FAILOVER, downAfterMs: 1000, ...changes };
}

export function judged(
  watched: readonly WatchedGroup[],
  cast: readonly WorkerVote[],
  changes: Partial<JudgeInput> = {},
): GroupAnalysis[] {
  return judge({
    groups: watched,
    votes: cast,
    self: 'w1',
    settings: settings(),
    maintenance: false,
    now: NOW,
    minuteOfDay: 720,
    ...changes,
  });
}

/** `analysis decision`, the decision being `start`, `propose` or the refusal. */
export function summary({ analysis, decision }: GroupAnalysis): string {
  if (decision.kind === 'nothing') return `${analysis} ${decision.refusal}`;
  return `${analysis} ${decision.approvalNeeded ? 'propose' : 'start'}`;
}

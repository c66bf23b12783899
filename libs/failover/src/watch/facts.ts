import type { Router, RouterView } from '@slotferry/cluster';
import { sleep } from '@slotferry/platform';
import type { WorkflowEngine } from '@slotferry/workflow';
import { groupResource } from '../definitions';
import type { EpochEnd, FailoverMemory } from '../store/types';
import { groupsOf, type MemberGroup } from './membership';

/** What is known of a cluster beside how its nodes answer. */
export interface Facts {
  readonly view: RouterView;
  readonly groups: readonly MemberGroup[];
  /** Why the router does not answer, and `view` is the last one it gave; null while it does. */
  readonly routerProblem: string | null;
  readonly epochs: ReadonlyMap<number, EpochEnd>;
  /** The epochs that `view` was certainly younger than: it shows what the failovers before them have changed. */
  readonly viewEpochs: ReadonlyMap<number, EpochEnd>;
  /** Groups with a failover under way. */
  readonly underWay: ReadonlySet<number>;
  readonly maintenance: boolean;
}

export interface FactSources {
  readonly cluster: string;
  readonly memory: FailoverMemory;
  readonly engine: WorkflowEngine;
  readonly router: Router;
}

/**
 * Reads the facts anew. The router is asked last: after a failover has ended, the view that goes with its end names the new master. While
 * the router does not answer within `routerMs`, its last view counts. Null when there never was one. Throws when Redis does not answer.
 */
export async function readFacts(
  sources: FactSources,
  last: Facts | null,
  routerMs: number,
): Promise<Facts | null> {
  const { cluster, memory, engine } = sources;
  const known = last?.groups ?? [];
  const [epochs, maintenance, holders] = await Promise.all([
    memory.epochs(cluster),
    memory.maintenance(cluster),
    engine.log.holders(known.map(({ id }) => groupResource(cluster, id))),
  ]);
  const underWay = new Set(known.filter((_, index) => holders[index]).map(({ id }) => id));
  const { view, routerProblem } = await askRouter(sources.router, last?.view ?? null, routerMs);
  if (!view) return null;
  const common = { view, routerProblem, epochs, underWay, maintenance: maintenance !== null };
  if (view === last?.view) return { ...common, groups: last.groups, viewEpochs: last.viewEpochs };
  return { ...common, groups: groupsOf(view), viewEpochs: epochs };
}

/** The failover of a group to come, or null while the view may be older than the end of the last one and name a master that was replaced. */
export function epochToCome({ epochs, viewEpochs }: Facts, group: number): number | null {
  const epoch = epochs.get(group)?.epoch ?? 1;
  return (viewEpochs.get(group)?.epoch ?? 1) === epoch ? epoch : null;
}

async function askRouter(
  router: Router,
  last: RouterView | null,
  limitMs: number,
): Promise<{ view: RouterView | null; routerProblem: string | null }> {
  const asking = router.view().then(
    (view) => ({ view, routerProblem: null }),
    (error: unknown) => ({
      view: last,
      routerProblem: error instanceof Error ? error.message : String(error),
    }),
  );
  const over = new AbortController();
  const limit = sleep(limitMs, over.signal).then(
    () => ({ view: last, routerProblem: `no answer within ${limitMs} ms` }),
    () => asking,
  );
  try {
    return await Promise.race([asking, limit]);
  } finally {
    over.abort();
  }
}

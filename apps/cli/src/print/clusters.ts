import { type ClusterAnswer } from '../http/answers';
import { table } from './table';

/** Registered clusters as a table. */
export function showClusters(clusters: readonly ClusterAnswer[]): string {
  if (clusters.length === 0) return 'no clusters; register one: slotferry cluster apply -f cluster.yaml';
  const heads = ['CLUSTER', 'ROUTER', 'GROUPS', 'NODES', 'VERSION', 'SAVED', 'BY'];
  return table(
    heads,
    clusters.map(({ definition: { name, router, groups }, version, savedAt, savedBy }) => [
      name,
      `${router.kind} ${router.dashboard}`,
      String(groups.length),
      String(groups.flatMap(({ nodes }) => nodes).length),
      String(version),
      savedAt,
      savedBy,
    ]),
  );
}

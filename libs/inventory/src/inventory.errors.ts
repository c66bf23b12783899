import { SlotferryError } from '@slotferry/platform';

/** Nobody has registered a cluster of this name. */
export class ClusterNotFound extends SlotferryError {
  constructor(name: string, known: readonly string[]) {
    super({
      code: 'cluster-not-found',
      message: `there is no cluster "${name}"; known: ${known.length > 0 ? [...known].sort().join(', ') : 'none'}`,
      remedy: 'Register it from its file: slotferry cluster apply -f cluster.yaml',
    });
  }
}

/** The definition names no such group. */
export class GroupNotFound extends SlotferryError {
  constructor(cluster: string, group: number) {
    super({
      code: 'group-not-found',
      message: `cluster ${cluster} has no group ${group}`,
      remedy: 'Add the group to the cluster file and apply it again: slotferry cluster apply -f cluster.yaml',
    });
  }
}

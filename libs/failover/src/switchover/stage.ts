import type { RouterGroup, RouterView, TableSlots } from '@slotferry/cluster';
import type { ClusterSource, OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import type { PhaseContext, WorkflowEngine } from '@slotferry/workflow';
import type { SwitchoverInput } from '../definitions';
import type { Notifier } from '../notify';
import type { FailoverMemory } from '../store/types';
import { ownedSlots } from '../slots/owned-slots';
import { byTable } from '../slots/slot-lists';
import { timing } from './timing';

/** What the phases of a switchover work with. */
export interface SwitchoverParts {
  readonly clusters: ClusterSource;
  readonly memory: FailoverMemory;
  readonly engine: WorkflowEngine;
  readonly notifier: Notifier;
}

export type SwitchoverContext = PhaseContext<SwitchoverInput>;

/** Who is to change places. */
export interface Pair {
  readonly group: number;
  readonly from: { readonly address: string };
  readonly to: { readonly address: string };
}

/** The cluster with both nodes that change places. */
export interface Stage extends Pair {
  readonly cluster: OpenCluster;
  readonly from: PikaNode;
  readonly to: PikaNode;
}

/** Throws ClusterNotFound, SecretError. */
export async function openStage(clusters: ClusterSource, input: SwitchoverInput): Promise<Stage> {
  const cluster = await clusters.open(input.cluster);
  return {
    cluster,
    group: input.group,
    from: cluster.node(input.from),
    to: cluster.node(input.to),
  };
}

/** What the router says of the group. */
export interface Standing {
  readonly record: RouterGroup | null;
  /**
   * - `before`: `from` is the master.
   * - `after`: `to` is.
   * - `overtaken`: neither: somebody else changed the group.
   */
  readonly place: 'before' | 'after' | 'overtaken';
  /** Slots that the router sends to the group. */
  readonly slots: readonly TableSlots[];
}

/** How long clients of the group may be held, in milliseconds. */
export function holdBudgetOf({ cluster }: Stage): number {
  return Math.max(timing.leastBudget, cluster.definition.migration.holdBudgetMs);
}

export function standingOf(view: RouterView, pair: Pair): Standing {
  const record = view.groups.find(({ id }) => id === pair.group) ?? null;
  const master = record?.servers[0];
  const place = master === pair.from.address ? 'before' : master === pair.to.address ? 'after' : 'overtaken';
  return { record, place, slots: byTable(ownedSlots(view, pair.group)) };
}

import { type SlotRef } from './router';

/** A key space of its own, cut into slots. */
export interface TableDefinition {
  readonly id: number;
  /** How many slots the table has. */
  readonly slots: number;
}

/** Slots of one table, in ascending order. */
export interface TableSlots {
  readonly table: number;
  readonly slots: readonly number[];
}

/** A master, its replicas, and the slots they are to own. */
export interface GroupDefinition {
  readonly id: number;
  /** Addresses `host:port`. The first one is the master. */
  readonly nodes: readonly [master: string, ...replicas: string[]];
  /** Ordered by table; empty when the group owns nothing. */
  readonly slots: readonly TableSlots[];
}

/** Who owns what. Slots no group names belong to nobody as far as this description goes. */
export interface Topology {
  readonly tables: readonly TableDefinition[];
  readonly groups: readonly GroupDefinition[];
}

/** The group with this id, or undefined. */
export function groupOf(topology: Topology, id: number): GroupDefinition | undefined {
  return topology.groups.find((group) => group.id === id);
}

/** The group a node belongs to, or undefined. */
export function groupOfNode(topology: Topology, node: string): GroupDefinition | undefined {
  return topology.groups.find((group) => group.nodes.includes(node));
}

/** Address of the group's master. */
export function masterOf(group: GroupDefinition): string {
  return group.nodes[0];
}

/** Addresses of the group's replicas. */
export function replicasOf(group: GroupDefinition): string[] {
  return group.nodes.slice(1);
}

/** The group that is to own the slot, or undefined when none does. */
export function ownerOf(topology: Topology, { table, slot }: SlotRef): GroupDefinition | undefined {
  return topology.groups.find((group) =>
    group.slots.some((owned) => owned.table === table && owned.slots.includes(slot)),
  );
}

/** Every slot the group is to own, ordered by table, then slot. */
export function slotRefsOf(group: GroupDefinition): SlotRef[] {
  return group.slots.flatMap(({ table, slots }) => slots.map((slot) => ({ table, slot })));
}

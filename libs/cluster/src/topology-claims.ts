import { type ProblemPath } from './topology-problem';
import { type TableDefinition, type TableSlots, type Topology } from './topology';

/** One statement about the topology, and where it was made. */
export interface Claim<T> {
  readonly value: T;
  readonly path: ProblemPath;
}

/** A statement about one group. `group` is its id, or undefined where the id could not be read. */
export interface GroupClaim<T> extends Claim<T> {
  readonly group: number | undefined;
  /** Tells groups apart that have no id, or the same one. */
  readonly position: number;
}

/**
 * A topology taken apart into single statements, so that one that can be read in parts only is still checked in all those parts.
 */
export interface TopologyClaims {
  readonly tables: readonly Claim<TableDefinition>[];
  /** False when a table is missing here because it could not be read: then a table not found is no problem of its own. */
  readonly tablesComplete: boolean;
  readonly groupIds: readonly Claim<number>[];
  readonly nodes: readonly GroupClaim<string>[];
  readonly slots: readonly GroupClaim<TableSlots>[];
}

/** All statements of a complete topology. */
export function claimsOf({ tables, groups }: Topology): TopologyClaims {
  return {
    tables: tables.map((value, index) => ({ value, path: ['tables', index] })),
    tablesComplete: true,
    groupIds: groups.map(({ id }, index) => ({ value: id, path: ['groups', index, 'id'] })),
    nodes: groups.flatMap(({ id, nodes }, position) =>
      nodes.map((value, index) => ({
        value,
        path: ['groups', position, 'nodes', index],
        group: id,
        position,
      })),
    ),
    slots: groups.flatMap(({ id, slots }, position) =>
      slots.map((value, index) => ({
        value,
        path: ['groups', position, 'slots', index],
        group: id,
        position,
      })),
    ),
  };
}

/** How a message names the group that made a claim. */
export function groupName({ group, position }: GroupClaim<unknown>): string {
  return group === undefined ? `entry ${position + 1} of groups` : `group ${group}`;
}

import { type TableDefinition, type TableSlots } from '../topology';
import { type Claim, type GroupClaim } from '../topology-claims';
import { type Field } from './field';
import { readSlots } from './slots-field';

/** What could be read of one group. */
export interface GroupClaims {
  readonly id: Claim<number> | undefined;
  readonly nodes: readonly GroupClaim<string>[];
  readonly slots: readonly GroupClaim<TableSlots>[];
}

/** Reads the groups. Whether they fit together is not looked at here. */
export function readGroups(field: Field, tables: readonly Claim<TableDefinition>[]): GroupClaims[] {
  return (field.list() ?? []).map((entry, position) => readGroup(entry, position, tables));
}

function readGroup(entry: Field, position: number, tables: readonly Claim<TableDefinition>[]): GroupClaims {
  const section = entry.section(['id', 'nodes'], ['slots']);
  const group = section.id.integer();
  const nodes = (section.nodes.list() ?? []).flatMap((node) => {
    const value = node.text();
    return value === undefined ? [] : [{ value, path: node.path, group, position }];
  });
  return {
    id: group === undefined ? undefined : { value: group, path: section.id.path },
    nodes,
    slots: readSlots(section.slots, tables).map((claim) => ({ ...claim, group, position })),
  };
}

import { type FailoverPolicy, type NodeFlags } from '../failover/failover-settings';
import { type TableDefinition, type TableSlots } from '../topology';
import { type Claim, type GroupClaim } from '../topology-claims';
import { readGroupPolicy } from './failover-policy';
import { type Field } from './field';
import { readNode } from './node-entry';
import { readSlots } from './slots-field';

/** What could be read of one group. */
export interface GroupClaims {
  readonly id: Claim<number> | undefined;
  readonly nodes: readonly GroupClaim<string>[];
  readonly slots: readonly GroupClaim<TableSlots>[];
  /** What its failover does other than the cluster's; undefined when nothing. */
  readonly policy: Partial<FailoverPolicy> | undefined;
  /** Addresses with what is said of them, of nodes of which anything is said. */
  readonly flags: readonly (readonly [address: string, flags: NodeFlags])[];
}

/** Reads the groups. Whether they fit together is not looked at here. */
export function readGroups(field: Field, tables: readonly Claim<TableDefinition>[]): GroupClaims[] {
  return (field.list() ?? []).map((entry, position) => readGroup(entry, position, tables));
}

function readGroup(entry: Field, position: number, tables: readonly Claim<TableDefinition>[]): GroupClaims {
  const section = entry.section(['id', 'nodes'], ['slots', 'failover']);
  const group = section.id.integer();
  const nodes = (section.nodes.list() ?? []).flatMap((node) => readNode(node) ?? []);
  return {
    id: group === undefined ? undefined : { value: group, path: section.id.path },
    nodes: nodes.map(({ address, path }) => ({ value: address, path, group, position })),
    slots: readSlots(section.slots, tables).map((claim) => ({ ...claim, group, position })),
    policy: readGroupPolicy(section.failover),
    flags: nodes.filter(saysAnything).map(({ address, flags }) => [address, flags] as const),
  };
}

function saysAnything({ flags }: { readonly flags: NodeFlags }): boolean {
  return flags.prefer || flags.never || flags.zone !== null;
}

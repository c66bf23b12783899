import { type NodeFlags } from '../failover/failover-settings';
import { type ProblemPath } from '../topology-problem';
import { type Field } from './field';
import { readName } from './name';

/** A node of a group, with where its address stands. */
export interface NodeEntry {
  readonly address: string;
  readonly path: ProblemPath;
  readonly flags: NodeFlags;
}

/** Reads a node: its address, or a section with the address and what operators say of the node. */
export function readNode(entry: Field): NodeEntry | undefined {
  if (!entry.isSection) return entryOf(entry, { prefer: false, never: false, zone: null });
  const section = entry.section(['address'], ['prefer', 'never', 'zone']);
  const flags = {
    prefer: section.prefer.trueOrFalse() ?? false,
    never: section.never.trueOrFalse() ?? false,
    zone: readName(section.zone) ?? null,
  };
  if (flags.prefer && flags.never) {
    entry.report(
      'NODE_PREFERRED_AND_NEVER',
      'A node cannot be preferred as master and never become one',
      'Remove prefer or never.',
    );
  }
  return entryOf(section.address, flags);
}

function entryOf(field: Field, flags: NodeFlags): NodeEntry | undefined {
  const address = field.text();
  return address === undefined ? undefined : { address, path: field.path, flags };
}

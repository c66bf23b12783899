import { type RespReply, failure } from '../../resp';
import { type NodeContext } from '../node-context';
import { type Dialect } from '../versions';
import { addSlots, deleteSlots } from './change-slots';
import { pkclusterInfo } from './info';
import { PkclusterError } from './slot-list';
import { slotsSlaveof } from './slots-slaveof';
import { addTable, deleteTable } from './tables';

/** Answers one PKCLUSTER command. `words` begin with PKCLUSTER. */
export type PkclusterCommand = (
  node: NodeContext,
  words: readonly string[],
) => RespReply | Promise<RespReply>;

/** The command, or undefined when that version does not know it. */
export function findPkclusterCommand(name: string, dialect: Dialect): PkclusterCommand | undefined {
  const command = COMMANDS.get(name) ?? (dialect.hasTables ? TABLE_COMMANDS.get(name) : undefined);
  return command && ((node, words) => guarded(command, node, words));
}

const COMMANDS: ReadonlyMap<string, PkclusterCommand> = new Map<string, PkclusterCommand>([
  ['info', pkclusterInfo],
  ['addslots', addSlots],
  ['delslots', deleteSlots],
  ['slotsslaveof', slotsSlaveof],
]);

const TABLE_COMMANDS: ReadonlyMap<string, PkclusterCommand> = new Map<string, PkclusterCommand>([
  ['addtable', addTable],
  ['deltable', deleteTable],
]);

async function guarded(
  command: PkclusterCommand,
  node: NodeContext,
  words: readonly string[],
): Promise<RespReply> {
  try {
    return await command(node, words);
  } catch (error) {
    if (error instanceof PkclusterError) return failure(error.message);
    throw error;
  }
}

import { type RespValue, OK } from '../../resp';
import { type NodeContext } from '../node-context';
import { refuseReplicating, refuseWhenBusy } from './change-slots';
import { PkclusterError, syntax } from './slot-list';

/** PKCLUSTER ADDTABLE table slots */
export function addTable(node: NodeContext, words: readonly string[]): RespValue {
  const [table, slotCount] = numbers(words, 2);
  if (table === undefined || slotCount === undefined || slotCount === 0) throw syntax();
  refuseWhenBusy(node);
  if (node.store.table(table)) throw new PkclusterError('ERR Internal error: table already exist!');
  node.store.addTable(table, slotCount);
  return OK;
}

/** PKCLUSTER DELTABLE table: with the slots that take part in no replication. */
export function deleteTable(node: NodeContext, words: readonly string[]): RespValue {
  const [id] = numbers(words, 1);
  const table = node.store.table(id ?? 0);
  if (!table) throw new PkclusterError('ERR Internal error: table not found!');
  refuseWhenBusy(node);
  for (const slot of table.slots) refuseReplicating(slot);
  node.store.removeTable(table.id);
  return OK;
}

function numbers(words: readonly string[], count: number): number[] {
  const rest = words.slice(2);
  if (rest.length !== count || rest.some((word) => !/^\d{1,9}$/.test(word))) throw syntax();
  return rest.map(Number);
}

import { type RespValue, OK } from '../../resp';
import { type NodeContext } from '../node-context';
import { type Slot } from '../slot';
import { type Table } from '../table';
import { refuseWhenBusy } from './change-slots';
import { PkclusterError, slotList, syntax } from './slot-list';

interface Order {
  readonly master: { readonly host: string; readonly port: number } | null;
  readonly table: Table;
  readonly slots: readonly number[];
  readonly mode: 'incremental' | 'full-copy';
}

/**
 * PKCLUSTER SLOTSSLAVEOF host port slots|all [force] [table], and SLOTSSLAVEOF no one slots|all [table].
 * Not atomic: when the new master cannot be reached, a slot that had a master is detached by then.
 */
export function slotsSlaveof(node: NodeContext, words: readonly string[]): RespValue {
  const { master, table, slots, mode } = parse(node, words);
  refuseWhenBusy(node);
  const held = slots.map((id) => {
    const slot = table.find(id);
    if (!slot) throw new PkclusterError(`ERR Slot ${id} not found!`);
    return slot;
  });
  for (const slot of held) {
    if (!master) node.slaves.detach(slot);
    else follow(node, slot, `${master.host}:${master.port}`, mode);
  }
  return OK;
}

function follow(node: NodeContext, slot: Slot, master: string, mode: Order['mode']): void {
  // Already connected to that very master: nothing happens, not even with "force".
  if (slot.attachment?.master === master && slot.attachment.state === 'kConnected') return;
  node.slaves.detach(slot);
  if (!node.network.canConnect(node.address, master)) {
    throw new PkclusterError('ERR Corruption: connect remote node error');
  }
  node.slaves.attach(slot, master, mode);
}

function parse(node: NodeContext, words: readonly string[]): Order {
  const [, , host, port, list, ...options] = words;
  if (host === undefined || port === undefined || list === undefined) {
    throw new PkclusterError("ERR wrong number of arguments for 'pkclusterslotsslaveof' command");
  }
  const isNoOne = host.toLowerCase() === 'no' && port.toLowerCase() === 'one';
  const master = isNoOne ? null : { host, port: portNumber(node, host, port) };
  const isAll = list.toLowerCase() === 'all';
  const named = isAll ? [] : slotList(list);
  const isForced = options[0]?.toLowerCase() === 'force';
  const table = tableOf(node, isForced ? options.slice(1) : options);
  const slots = isAll ? table.slots.map(({ id }) => id) : named;
  if (slots.length === 0) throw new PkclusterError('ERR Slots set empty');
  return { master, table, slots, mode: isForced ? 'full-copy' : 'incremental' };
}

function portNumber(node: NodeContext, host: string, text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port === 0 || port > 65_535) {
    throw new PkclusterError('ERR value is not an integer or out of range');
  }
  // "localhost" passes, as in the real server: the slot then follows itself.
  if (host === node.host && port === node.port) throw new PkclusterError('ERR You fucked up');
  return port;
}

function tableOf(node: NodeContext, words: readonly string[]): Table {
  const [word] = words;
  if (words.length > 1 || (word !== undefined && (!node.dialect.hasTables || !/^\d{1,9}$/.test(word)))) {
    throw syntax();
  }
  const table = node.store.table(Number(word ?? 0));
  if (!table) throw new PkclusterError("ERR invalid Table for ''");
  return table;
}

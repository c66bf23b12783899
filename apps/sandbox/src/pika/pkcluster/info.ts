import { formatPosition } from '@slotferry/cluster';
import { type RespValue, bulk } from '../../resp';
import { type NodeContext } from '../node-context';
import { type Slot } from '../slot';
import { type Table } from '../table';
import { PkclusterError, slotList } from './slot-list';

/** PKCLUSTER INFO SLOT [list], PKCLUSTER INFO TABLE [table]; any other section is empty. */
export function pkclusterInfo(node: NodeContext, words: readonly string[]): RespValue {
  const [, , section, which] = words;
  if (section === undefined || words.length > 4) {
    throw new PkclusterError("ERR wrong number of arguments for 'pkclusterinfo' command");
  }
  switch (section.toLowerCase()) {
    case 'slot':
      return bulk(
        slotsOf(node, which)
          .map((slot) => describeSlot(node, slot))
          .join(''),
      );
    case 'table':
      return bulk(node.dialect.hasTables ? describeTables(node, which) : '');
    default:
      return bulk('');
  }
}

function slotsOf(node: NodeContext, which: string | undefined): Slot[] {
  if (which === undefined) return node.store.slots;
  const [tableName, list] = which.includes(':') ? (which.split(':', 2) as [string, string]) : ['db0', which];
  const slots = parseList(node, list);
  const table = /^db\d+$/.test(tableName) ? node.store.table(Number(tableName.slice(2))) : undefined;
  return slots.flatMap((slot) => table?.find(slot) ?? []);
}

function parseList(node: NodeContext, list: string): number[] {
  const isOne = /^\d{1,9}$/.test(list);
  if (!isOne && !node.dialect.hasTables) throw invalidArgument();
  try {
    return slotList(list);
  } catch {
    throw invalidArgument();
  }
}

const invalidArgument = (): PkclusterError => new PkclusterError('ERR Invalid Argument');

function describeSlot({ dialect }: NodeContext, slot: Slot): string {
  const roles = [...masterRole(slot, dialect.printsStates), ...slaveRole(slot, dialect.printsStates)];
  return [
    `(${slot.name}) binlog_offset=${formatPosition(slot.binlog.position)},safety_purge=none`,
    ...roles,
    '',
    '',
  ].join('\r\n');
}

function masterRole(slot: Slot, printsIdle: boolean): string[] {
  if (slot.feeds.length === 0 && (slot.attachment || !printsIdle)) return [];
  return [
    '  Role: Master',
    `  connected_slaves: ${slot.feeds.length}`,
    ...slot.feeds.flatMap((feed, index) => [
      `  slave[${index}]: ${feed.slave}`,
      `  replication_status: ${feed.state}`,
      ...(feed.state === 'SlaveBinlogSync' ? [`  lag: ${slot.lagOf(feed)}`] : []),
    ]),
    ...(slot.attachment ? ['  -----------'] : []),
  ];
}

function slaveRole({ attachment }: Slot, printsStates: boolean): string[] {
  if (!attachment) return [];
  return [
    '  Role: Slave',
    `  master: ${attachment.master}`,
    ...(printsStates ? [`  slave status: ${attachment.state}`] : []),
  ];
}

function describeTables(node: NodeContext, which: string | undefined): string {
  if (which === undefined)
    return node.store.tables.map((table) => describeTable(table, totalsOf(node))).join('');
  const table = /^\d{1,9}$/.test(which) ? node.store.table(Number(which)) : undefined;
  return table ? describeTable(table, []) : '';
}

function totalsOf({ counters }: NodeContext): string[] {
  return [
    `  total_commands_processed:${counters.commands}`,
    `  total_write_commands_processed:${counters.writes}`,
  ];
}

function describeTable(table: Table, totals: readonly string[]): string {
  return [
    `table_id: ${table.id}`,
    `  partition_num: ${table.slotCount}`,
    ...totals,
    '  qps: 0',
    '  write_qps: 0',
    '  read_qps: 0',
    '',
  ].join('\r\n');
}

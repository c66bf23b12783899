import { formatSlots } from '@slotferry/cluster';
import type { HostPort } from './address';

/** The commands of `PKCLUSTER` as sent. Table 0 is never named: 3.2.9 has no such argument. */

export function addSlotsCommand(slots: readonly number[], table: number): string[] {
  return ['PKCLUSTER', 'ADDSLOTS', formatSlots(slots), ...tableArgument(table)];
}

export function deleteSlotsCommand(slots: readonly number[], table: number): string[] {
  return ['PKCLUSTER', 'DELSLOTS', formatSlots(slots), ...tableArgument(table)];
}

export function attachCommand({ host, port }: HostPort, slots: readonly number[], table: number): string[] {
  return ['PKCLUSTER', 'SLOTSSLAVEOF', host, String(port), formatSlots(slots), ...tableArgument(table)];
}

export function fullCopyCommand({ host, port }: HostPort, slots: readonly number[], table: number): string[] {
  return [
    'PKCLUSTER',
    'SLOTSSLAVEOF',
    host,
    String(port),
    formatSlots(slots),
    'force',
    ...tableArgument(table),
  ];
}

export function detachCommand(slots: readonly number[], table: number): string[] {
  return ['PKCLUSTER', 'SLOTSSLAVEOF', 'no', 'one', formatSlots(slots), ...tableArgument(table)];
}

/** @param slots undefined for every slot of every table the node holds */
export function infoSlotCommand(slots: readonly number[] | undefined, table: number): string[] {
  if (!slots) return ['PKCLUSTER', 'INFO', 'SLOT'];
  const list = formatSlots(slots);
  return ['PKCLUSTER', 'INFO', 'SLOT', table === 0 ? list : `db${table}:${list}`];
}

/** Asked by the Codis dashboard of the source of a migration; with its time-out, bulk and byte limits. Moves nothing on Pika. */
export function migrationStateCommand({ host, port }: HostPort, slot: number): string[] {
  return ['SLOTSMGRTTAGSLOT-ASYNC', host, String(port), '3000', '200', '33554432', String(slot), '500'];
}

function tableArgument(table: number): string[] {
  return table === 0 ? [] : [String(table)];
}

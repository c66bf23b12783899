import { type ClusterDefinition } from '@slotferry/cluster';
import { TableUnknown } from './move.errors';

/** How many slots a table has. Throws TableUnknown. */
export function tableSize({ name, tables }: ClusterDefinition, table: number): number {
  const size = tables.find(({ id }) => id === table)?.slots;
  if (size !== undefined) return size;
  throw new TableUnknown(
    name,
    table,
    tables.map(({ id }) => id),
  );
}

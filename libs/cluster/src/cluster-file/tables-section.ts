import { type TableDefinition } from '../topology';
import { type Claim, type TopologyClaims } from '../topology-claims';
import { type Field } from './field';

/** The one table of an original Codis. */
const DEFAULT_TABLE: TableDefinition = { id: 0, slots: 1024 };

/** The tables that could be read, and whether these are all. */
export type TableClaims = Pick<TopologyClaims, 'tables' | 'tablesComplete'>;

/** Reads the tables, or takes the default when the file names none. */
export function readTables(field: Field): TableClaims {
  if (field.isAbsent) return { tables: [{ value: DEFAULT_TABLE, path: field.path }], tablesComplete: true };
  const entries = (field.list() ?? []).map(readTable);
  const tables = entries.filter((table) => table !== undefined);
  return { tables, tablesComplete: tables.length > 0 && tables.length === entries.length };
}

function readTable(entry: Field): Claim<TableDefinition> | undefined {
  const section = entry.section(['id', 'slots'], []);
  const id = section.id.integer();
  const slots = section.slots.integer();
  return id === undefined || slots === undefined ? undefined : { value: { id, slots }, path: entry.path };
}

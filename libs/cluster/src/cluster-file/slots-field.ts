import { type TableDefinition, type TableSlots } from '../topology';
import { type Claim } from '../topology-claims';
import { type Field } from './field';
import { parseSlots } from '../slots';
import { isTableSize } from '../validate-slots';

const TABLE_ID = /^(?:0|[1-9]\d{0,8})$/;

/** Reads the slots of a group: ranges of table 0, or a map from table to ranges. */
export function readSlots(field: Field, tables: readonly Claim<TableDefinition>[]): Claim<TableSlots>[] {
  if (!field.isSection) return readTableSlots(field, 0, tables);
  return field.keys().flatMap((key) => {
    const entry = field.child(key);
    if (TABLE_ID.test(key)) return readTableSlots(entry, Number(key), tables);
    entry.reportKey(
      'TABLE_ID_INVALID',
      'This is not the id of a table',
      'Write { 0: 0-31, 1: 0-15 }: table, then slots.',
    );
    return [];
  });
}

function readTableSlots(
  field: Field,
  table: number,
  tables: readonly Claim<TableDefinition>[],
): Claim<TableSlots>[] {
  const size = tables.find(({ value }) => value.id === table)?.value.slots;
  const limit = size !== undefined && isTableSize(size) ? size : undefined;
  const text = typeof field.value === 'number' ? String(field.value) : field.text();
  const slots = field.parse(text, (ranges) => parseSlots(ranges, limit));
  return slots ? [{ value: { table, slots }, path: field.path }] : [];
}

import { type ReplyContext, unreadable } from '../reply';
import { field, reportLines } from './lines';

export interface TableInfo {
  readonly table: number;
  /** Number of slots the table is cut into, not of those the node holds. */
  readonly slots: number;
  /** Commands, writes and reads per second of now; null where the version does not say (3.2.9). */
  readonly load: { readonly qps: number; readonly writeQps: number; readonly readQps: number } | null;
}

/** Reads `PKCLUSTER INFO TABLE`: a block a table. Empty on 3.2.9 and for a table that is not there. */
export function parseTables(text: string, context: ReplyContext): TableInfo[] {
  return blocks(text, context).map((block) => ({
    table: count(block, 'table_id'),
    slots: count(block, 'partition_num'),
    load: {
      qps: count(block, 'qps'),
      writeQps: count(block, 'write_qps'),
      readQps: count(block, 'read_qps'),
    },
  }));

  function count(block: Map<string, string>, name: string): number {
    const value = block.get(name) ?? '';
    if (!/^\d+$/.test(value)) throw unreadable(context, `${name}: ${value}`);
    return Number(value);
  }
}

function blocks(text: string, context: ReplyContext): Map<string, string>[] {
  const found: Map<string, string>[] = [];
  for (const line of reportLines(text)) {
    const read = field(line);
    if (read?.name === 'table_id') found.push(new Map());
    const current = found.at(-1);
    if (!read || !current) throw unreadable(context, line);
    current.set(read.name, read.value);
  }
  return found;
}

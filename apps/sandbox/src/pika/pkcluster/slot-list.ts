import { type NodeContext } from '../node-context';
import { type Table } from '../table';

/** An error of PKCLUSTER; the text is the reply without its dash. */
export class PkclusterError extends Error {
  readonly code = 'PIKA_PKCLUSTER_ERROR';
}

export const syntax = (): PkclusterError => new PkclusterError('ERR syntax error');

/** @throws PkclusterError unless it is a list like `0-3,8` */
export function slotList(text: string): number[] {
  const slots = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    const first = Number(match?.[1]);
    const last = match?.[2] === undefined ? first : Number(match[2]);
    if (!match || last < first || last - first > 65_536)
      throw new PkclusterError('ERR Corruption: syntax error');
    for (let slot = first; slot <= last; slot += 1) slots.add(slot);
  }
  return [...slots].sort((a, b) => a - b);
}

/** The table a command names with its last word, or table 0. */
export function tableNamed(node: NodeContext, word: string | undefined): Table {
  if (word !== undefined && (!node.dialect.hasTables || !/^\d{1,9}$/.test(word))) throw syntax();
  const table = node.store.table(Number(word ?? 0));
  if (!table) throw new PkclusterError('ERR Internal error: table not found!');
  return table;
}

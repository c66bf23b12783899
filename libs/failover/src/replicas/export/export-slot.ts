import type { KeyValueLimits, PikaNode } from '@slotferry/pika';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeKey, differs } from './describe-key';

export interface SlotExport {
  readonly node: PikaNode;
  readonly master: PikaNode;
  /** Of table 0: keys of other tables cannot be listed. */
  readonly slot: number;
  /** Where the file goes. It appears when it is complete. */
  readonly file: string;
  readonly signal: AbortSignal;
}

/** What an export came to; plain JSON, to be recorded. */
export type ExportResult = {
  /** Null when no key differs. */
  readonly file: string | null;
  readonly scanned: number;
  readonly written: number;
  /** Of those written: too large to be written whole. */
  readonly partial: number;
};

/** Keys asked for by one command, and compared at the same time. */
const pageSize = 100;
/** What is exported of one key at most. */
export const exportLimits: KeyValueLimits = { bytes: 16 * 1_048_576, elements: 65_536 };

/**
 * Writes the keys of a slot whose value on the node differs from the master's, a line each (see DiscardedKey). Keys that only the
 * master holds are not looked for: a deletion that was not replicated leaves no trace to write. A key that clients have changed at the
 * master since differs, too. Begun again, it begins anew. Throws PikaError, and what the file system throws.
 */
export async function exportSlot({ node, master, slot, file, signal }: SlotExport): Promise<ExportResult> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  const handle = await open(part, 'w', 0o600);
  const result = { scanned: 0, written: 0, partial: 0 };
  try {
    for (let cursor = '0'; ;) {
      signal.throwIfAborted();
      const page = await node.scanSlot(slot, cursor, pageSize);
      const lines = await Promise.all(page.keys.map((key) => lineOf(node, master, key)));
      const found = lines.filter((line) => line !== null);
      await append(handle, found);
      result.scanned += page.keys.length;
      result.written += found.length;
      result.partial += found.filter(({ partial }) => partial).length;
      cursor = page.cursor;
      if (cursor === '0') break;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (result.written > 0) await rename(part, file);
  else await rm(part);
  return { file: result.written > 0 ? file : null, ...result };
}

async function lineOf(
  node: PikaNode,
  master: PikaNode,
  key: Buffer,
): Promise<{ readonly text: string; readonly partial: boolean } | null> {
  const [own, other] = await Promise.all([node.value(key, exportLimits), master.value(key, exportLimits)]);
  // It has expired since it was listed.
  if (own.type === 'none' || !differs(own, other)) return null;
  return { text: JSON.stringify(describeKey(key, own)), partial: !own.whole };
}

async function append(handle: FileHandle, lines: readonly { readonly text: string }[]): Promise<void> {
  if (lines.length > 0) await handle.write(lines.map(({ text }) => `${text}\n`).join(''));
}

import { type BinlogPosition, comparePositions } from '@slotferry/cluster';

/** One write as it is kept and sent to slaves. */
export interface BinlogEntry {
  /** The command, encoded as a request. */
  readonly payload: Buffer;
  /** Position behind this write. */
  readonly end: BinlogPosition;
  /** When it was written, in milliseconds of a monotonic clock. */
  readonly at: number;
}

/** Where a slave that knows everything up to a position would go on. */
export type Continuation =
  | { readonly kind: 'entry'; readonly index: number }
  /** The slave knows more than this node. */
  | { readonly kind: 'ahead' }
  /** The entries are gone: only a full copy helps. */
  | { readonly kind: 'purged' }
  /** The position lies before the full copy that filled this node: the file is there, and holds nothing. */
  | { readonly kind: 'hollow' }
  /** No write ends at that position: the histories differ. */
  | { readonly kind: 'between' };

const BLOCK = 65_536;
const RECORD_HEADER = 8;
/** Type, time, server, logical number, file, offset and length of the content. */
const ITEM_HEADER = 34;
const START: BinlogPosition = { file: 0, offset: 0 };

export interface BinlogLimits {
  /** Bytes after which a new file begins (`binlog-file-size`). */
  readonly fileSize: number;
  /** Writes that are kept for slaves. */
  readonly keptEntries: number;
}

export const DEFAULT_LIMITS: BinlogLimits = { fileSize: 104_857_600, keptEntries: 10_000 };

/**
 * The binlog of one slot. Positions are those the real server prints: a write takes 34 bytes of item header, 8 bytes of record header,
 * and its length as a request; a record that crosses a block of 64 KB has a further record header.
 */
export class Binlog {
  private entries: BinlogEntry[] = [];
  private firstIndex = 0;
  private origin = START;
  /** Where the first kept entry begins. */
  private keptFrom = START;
  private end = START;

  constructor(private readonly limits: BinlogLimits = DEFAULT_LIMITS) {}

  /** Position behind the last write. */
  get position(): BinlogPosition {
    return this.end;
  }

  /** Number the next entry will get; grows by one with every write. */
  get nextIndex(): number {
    return this.firstIndex + this.entries.length;
  }

  append(payload: Buffer, at: number): void {
    this.keep({ payload, end: advance(this.end, payload.length, this.limits.fileSize), at });
  }

  /** Takes over a write of the master, with the master's position. */
  adopt(entry: BinlogEntry, at: number): void {
    this.keep({ ...entry, at });
  }

  /** The entry with that number, if it was written and is still kept. */
  entry(index: number): BinlogEntry | undefined {
    return this.entries[index - this.firstIndex];
  }

  /** Drops the oldest entries above the limit, none from `needed` on: a slave still reads them. */
  purge(needed = this.nextIndex): void {
    const excess = Math.min(this.entries.length - this.limits.keptEntries, needed - this.firstIndex);
    if (excess < this.limits.keptEntries / 10) return;
    this.keptFrom = this.entries[excess - 1]?.end ?? this.keptFrom;
    this.entries = this.entries.slice(excess);
    this.firstIndex += excess;
  }

  /** Starts anew at the position of a full copy. */
  restartAt(position: BinlogPosition): void {
    this.firstIndex = this.nextIndex;
    this.entries = [];
    this.origin = position;
    this.keptFrom = position;
    this.end = position;
  }

  /** Where a slave at that position would go on reading. */
  continuationOf(position: BinlogPosition): Continuation {
    const ahead = comparePositions(position, this.end);
    if (ahead > 0) return { kind: 'ahead' };
    if (ahead === 0) return { kind: 'entry', index: this.nextIndex };
    if (comparePositions(position, this.origin) < 0) {
      return { kind: position.file < this.origin.file ? 'purged' : 'hollow' };
    }
    return this.find(position);
  }

  private find(position: BinlogPosition): Continuation {
    const kept = comparePositions(position, this.keptFrom);
    if (kept < 0) return { kind: 'purged' };
    if (kept === 0) return { kind: 'entry', index: this.firstIndex };
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.entries[middle];
      if (entry && comparePositions(entry.end, position) < 0) low = middle + 1;
      else high = middle;
    }
    const found = this.entries[low];
    if (!found || comparePositions(found.end, position) !== 0) return { kind: 'between' };
    return { kind: 'entry', index: this.firstIndex + low + 1 };
  }

  private keep(entry: BinlogEntry): void {
    this.entries.push(entry);
    this.end = entry.end;
  }
}

/** The position behind a write of that many bytes. */
export function advance(from: BinlogPosition, payloadBytes: number, fileSize: number): BinlogPosition {
  const start = from.offset > fileSize ? { file: from.file + 1, offset: 0 } : from;
  let { offset } = start;
  let left = payloadBytes + ITEM_HEADER;
  while (left > 0) {
    const room = BLOCK - (offset % BLOCK);
    if (room < RECORD_HEADER) {
      offset += room;
      continue;
    }
    const fragment = Math.min(left, room - RECORD_HEADER);
    offset += RECORD_HEADER + fragment;
    left -= fragment;
  }
  return { file: start.file, offset };
}

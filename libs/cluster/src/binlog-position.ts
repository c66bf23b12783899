import { ClusterError } from './errors';

/**
 * Where the binlog of one slot on one node ends: number of the binlog file, and bytes into it.
 * Within one history a master and its replicas count the same way, so their positions can be compared.
 */
export interface BinlogPosition {
  readonly file: number;
  readonly offset: number;
}

/** A text that is no binlog position. Never to be taken for position 0: a node in trouble would look empty, or an empty one caught up. */
export class UnreadablePositionError extends ClusterError {
  readonly code = 'POSITION_UNREADABLE';

  constructor(readonly text: string) {
    super(
      `${JSON.stringify(text.slice(0, 60))} is not a binlog position`,
      'A position is a file number and an offset, as in "0 756"; read it again from the node.',
    );
  }
}

/** Pika's default size of one binlog file, in bytes (`binlog-file-size`). */
export const DEFAULT_BINLOG_FILE_SIZE = 104_857_600;

const POSITION = /^(0|[1-9]\d*) (0|[1-9]\d*)$/;

/**
 * Reads `file offset` as Pika prints it.
 * @throws UnreadablePositionError on anything else, numbers too large to be exact included.
 */
export function parsePosition(text: string): BinlogPosition {
  const match = POSITION.exec(text);
  const file = Number(match?.[1]);
  const offset = Number(match?.[2]);
  if (!Number.isSafeInteger(file) || !Number.isSafeInteger(offset)) throw new UnreadablePositionError(text);
  return { file, offset };
}

/** The reverse of `parsePosition`. */
export function formatPosition(position: BinlogPosition): string {
  return `${position.file} ${position.offset}`;
}

/** -1 when `a` is behind `b`, 1 when it is ahead, 0 when they are the same. */
export function comparePositions(a: BinlogPosition, b: BinlogPosition): -1 | 0 | 1 {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.offset !== b.offset) return a.offset < b.offset ? -1 : 1;
  return 0;
}

/** True when both name the same byte of the same file. */
export function positionsEqual(a: BinlogPosition, b: BinlogPosition): boolean {
  return comparePositions(a, b) === 0;
}

/** True at `0 0`: nothing was ever written to the slot on that node, or it never got anything from its master. */
export function isPositionZero(position: BinlogPosition): boolean {
  return position.file === 0 && position.offset === 0;
}

/**
 * Bytes of binlog from `behind` to `ahead`, counted as Pika counts lag. Negative when `behind` is in fact ahead.
 * @param binlogFileSize size of a full binlog file, in bytes
 */
export function bytesBetween(
  behind: BinlogPosition,
  ahead: BinlogPosition,
  binlogFileSize: number = DEFAULT_BINLOG_FILE_SIZE,
): number {
  return (ahead.file - behind.file) * binlogFileSize + (ahead.offset - behind.offset);
}

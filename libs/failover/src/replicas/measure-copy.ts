import {
  type BinlogPosition,
  bytesBetween,
  comparePositions,
  formatPosition,
  isPositionZero,
} from '@slotferry/cluster';

/** What of a look at a copy its measuring needs. */
export interface MeasuredLook {
  readonly position: BinlogPosition;
  readonly following: { readonly master: string; readonly status: string | null } | null;
}

export interface CopyToMeasure {
  readonly master: string;
  /** Null: the node does not hold the slot. */
  readonly copy: MeasuredLook | null;
  /** The master's position, read after the copy's. Null: the master does not hold the slot. */
  readonly masterPosition: BinlogPosition | null;
  /** Up to where the copy shares the master's history; null when nothing is known. */
  readonly shared: BinlogPosition | null;
  /** It was seen with writes of its own and attached plainly since. */
  readonly suspect: boolean;
}

/** What has to become of a copy. */
export type CopyMeasure =
  /** The master does not hold the slot: whoever asks it for a full copy makes its process crash. */
  | { readonly kind: 'master-lacks-slot' }
  | { readonly kind: 'missing' }
  /** It follows the master already, as far as positions tell. */
  | { readonly kind: 'follows' }
  /** All it holds is in the master's history: it goes on from where it stands. */
  | { readonly kind: 'plain' }
  /** It holds, or may hold, writes that the master lacks. `bytes` of binlog, null when they cannot be counted. */
  | { readonly kind: 'diverged'; readonly bytes: number | null; readonly why: string };

/**
 * Compares a copy with the history of its master, never with the master's present position alone: once the master has gone on, a copy
 * with writes of its own would look like one that is only behind. In doubt a copy counts as diverged.
 */
export function measureCopy({ master, copy, masterPosition, shared, suspect }: CopyToMeasure): CopyMeasure {
  if (!masterPosition) return { kind: 'master-lacks-slot' };
  if (!copy) return { kind: 'missing' };
  const { position, following } = copy;
  if (following?.master === master) {
    if (suspect) return diverged(null, 'it was attached plainly while it held writes of its own');
    if (following.status === 'kError') {
      return diverged(bytesBeyond(position, masterPosition), 'its master refuses it');
    }
    return { kind: 'follows' };
  }
  if (isPositionZero(position)) return { kind: 'plain' };
  if (!shared) return diverged(null, 'nothing is known of where its writes come from');
  if (comparePositions(position, shared) <= 0) return { kind: 'plain' };
  return diverged(
    bytesBetween(shared, position),
    `it stands at ${formatPosition(position)}, the histories part at ${formatPosition(shared)}`,
  );
}

function diverged(bytes: number | null, why: string): CopyMeasure {
  return { kind: 'diverged', bytes, why };
}

function bytesBeyond(position: BinlogPosition, master: BinlogPosition): number | null {
  const bytes = bytesBetween(master, position);
  return bytes > 0 ? bytes : null;
}

import { ClusterError } from './errors';

export type SlotListErrorCode =
  'SLOTS_SYNTAX' | 'SLOTS_RANGE_REVERSED' | 'SLOTS_OUT_OF_RANGE' | 'SLOTS_DUPLICATE';

/** A text that is no list of slots. The code says in which way. */
export class SlotListError extends ClusterError {
  constructor(
    readonly code: SlotListErrorCode,
    message: string,
    remedy: string,
  ) {
    super(message, remedy);
  }
}

/** The most slots a table can have in any router served: a guard against ranges that would fill the memory. */
export const MAX_SLOTS = 65_536;

interface SlotRange {
  readonly first: number;
  readonly last: number;
}

const PART = /^(\d{1,9})(?:-(\d{1,9}))?$/;

/**
 * Reads slots as operators and Pika write them: `0-3,8`.
 * @param limit number of slots of the table; slots are 0 to `limit - 1`
 * @returns the slots in ascending order
 * @throws SlotListError on wrong syntax, a reversed range, a slot outside the table, or a slot named twice
 */
export function parseSlots(text: string, limit: number = MAX_SLOTS): number[] {
  const ranges = text.split(',').map((part) => parseRange(part.trim(), limit));
  ranges.sort((a, b) => a.first - b.first);
  ranges.forEach((range, index) => refuseOverlap(ranges[index - 1], range));
  return ranges.flatMap(slotsOfRange);
}

/**
 * The shortest list that names the slots: `0-3,8`. The empty string for no slots.
 * @param slots in any order; repeated slots are printed once
 */
export function formatSlots(slots: readonly number[]): string {
  const sorted = [...new Set(slots)].sort((a, b) => a - b);
  const ranges: { first: number; last: number }[] = [];
  for (const slot of sorted) {
    const current = ranges.at(-1);
    if (current && current.last === slot - 1) current.last = slot;
    else ranges.push({ first: slot, last: slot });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

function parseRange(part: string, limit: number): SlotRange {
  const match = PART.exec(part);
  if (!match) {
    throw new SlotListError(
      'SLOTS_SYNTAX',
      part === ''
        ? 'A slot is missing'
        : `${JSON.stringify(part.slice(0, 40))} is not a slot or a range of slots`,
      'Write slots and ranges separated by commas, for example 0-3,8.',
    );
  }
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  if (last < first) {
    throw new SlotListError(
      'SLOTS_RANGE_REVERSED',
      `The range ${part} runs backwards`,
      `Write the smaller slot first: ${last}-${first}.`,
    );
  }
  if (last >= limit) {
    throw new SlotListError(
      'SLOTS_OUT_OF_RANGE',
      `Slot ${last} does not exist: the table has ${limit} slots`,
      `Use slots from 0 to ${limit - 1}.`,
    );
  }
  return { first, last };
}

function refuseOverlap(previous: SlotRange | undefined, range: SlotRange): void {
  if (!previous || range.first > previous.last) return;
  throw new SlotListError('SLOTS_DUPLICATE', `Slot ${range.first} is named twice`, 'Name every slot once.');
}

function slotsOfRange({ first, last }: SlotRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

import { ClusterError } from './errors';

/** A text that is no size in bytes. */
export class ByteSizeError extends ClusterError {
  readonly code = 'SIZE_INVALID';

  constructor(text: string) {
    super(
      `${JSON.stringify(text.slice(0, 40))} is not a size`,
      'Write a whole number of bytes, or one with a unit: 512, 64KiB, 1MiB, 1MB.',
    );
  }
}

const SIZE = /^(0|[1-9]\d{0,15})([A-Za-z]*)$/;

/** Largest first, so that printing finds the largest exact unit; powers of two before powers of ten. */
const UNITS: readonly (readonly [name: string, bytes: number])[] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['GB', 1e9],
  ['MB', 1e6],
  ['KB', 1e3],
];

/**
 * Reads `512`, `64KiB`, `1MiB` (powers of two) or `1MB` (powers of ten).
 * @returns bytes
 * @throws ByteSizeError
 */
export function parseByteSize(text: string): number {
  const [, amount, unit] = SIZE.exec(text) ?? [];
  const factor = unit === '' || unit === 'B' ? 1 : UNITS.find(([name]) => name === unit)?.[1];
  const bytes = Number(amount) * (factor ?? NaN);
  if (!Number.isSafeInteger(bytes)) throw new ByteSizeError(text);
  return bytes;
}

/** Prints whole bytes exactly, in the largest unit that allows it: `1MiB`, `1536KiB`, `513`. */
export function formatByteSize(bytes: number): string {
  const unit = UNITS.find(([, factor]) => bytes > 0 && bytes % factor === 0);
  return unit ? `${bytes / unit[1]}${unit[0]}` : `${bytes}`;
}

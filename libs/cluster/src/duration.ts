import { ClusterError } from './errors';

/** A text that is no duration. */
export class DurationError extends ClusterError {
  readonly code = 'DURATION_INVALID';

  constructor(text: string) {
    super(
      `${JSON.stringify(text.slice(0, 40))} is not a duration`,
      'Write a whole number with a unit: 250ms, 1s or 2m.',
    );
  }
}

const DURATION = /^(0|[1-9]\d{0,11})(ms|s|m)$/;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/**
 * Reads `250ms`, `1s` or `2m`.
 * @returns milliseconds
 * @throws DurationError on anything else, a number without a unit included
 */
export function parseDuration(text: string): number {
  const [, amount, unit = ''] = DURATION.exec(text) ?? [];
  const factor = MILLISECONDS[unit];
  if (amount === undefined || factor === undefined) throw new DurationError(text);
  return Number(amount) * factor;
}

/** Prints whole milliseconds in the largest unit that is exact: `90s`, `2m`, `250ms`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  if (milliseconds % 60_000 === 0) return `${milliseconds / 60_000}m`;
  if (milliseconds % 1000 === 0) return `${milliseconds / 1000}s`;
  return `${milliseconds}ms`;
}

import { formatDuration, parseDuration } from '../duration';
import { type Field } from './field';

/** What a duration may be, and how a refusal calls it. */
export interface DurationBounds {
  /** Milliseconds. */
  readonly min: number;
  /** Milliseconds. */
  readonly max: number;
  readonly code: string;
  /** Says in a sentence that it cannot be so long. */
  readonly refuse: (duration: string) => string;
}

/** Reads a duration with its unit, in milliseconds. One out of bounds is reported. */
export function readDuration(field: Field, { min, max, code, refuse }: DurationBounds): number | undefined {
  const text = typeof field.value === 'number' ? String(field.value) : field.text();
  const milliseconds = field.parse(text, parseDuration);
  if (milliseconds === undefined || (milliseconds >= min && milliseconds <= max)) return milliseconds;
  field.report(
    code,
    refuse(formatDuration(milliseconds)),
    `Use ${formatDuration(min)} to ${formatDuration(max)}.`,
  );
  return undefined;
}

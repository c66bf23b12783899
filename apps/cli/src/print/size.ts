const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes as people read them: `512 B`, `1.5 KiB`, `700.0 MiB`. */
export function showBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const power = Math.min(UNITS.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1_024 ** power).toFixed(1)} ${UNITS[power - 1]}`;
}

/** A number of anything, with two decimals at most. */
export function showNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}

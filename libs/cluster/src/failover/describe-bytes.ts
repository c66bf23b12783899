const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes for people, rounded to one decimal: `512 B`, `1.5 MiB`. */
export function describeBytes(bytes: number): string {
  const power = Math.min(bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10), UNITS.length);
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power - 1]}`;
}

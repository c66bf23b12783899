/** `2026-11-22 20:49:22`, UTC. */
export function dateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
}

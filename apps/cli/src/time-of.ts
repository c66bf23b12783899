import { InvalidArgumentError } from 'commander';

const DAY_MS = 24 * 3_600_000;

/** Reads `03:30` (the next time it is so late, UTC) or ISO 8601 with its zone, for an option; ISO 8601 in UTC. */
export function timeOf(text: string, now: number = Date.now()): string {
  const at = clockTime(text, now) ?? isoTime(text);
  if (at === null) {
    throw new InvalidArgumentError(
      'Write 03:30 (UTC), or a time with its zone such as 2026-11-23T03:30:00Z.',
    );
  }
  return new Date(at).toISOString();
}

function clockTime(text: string, now: number): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!match) return null;
  const today = new Date(now).setUTCHours(Number(match[1]), Number(match[2]), 0, 0);
  return today > now ? today : today + DAY_MS;
}

function isoTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

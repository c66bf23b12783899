import { createHash } from 'node:crypto';
import { type SlotData } from './slot-data';

/** What a slot holds, in a form in which two copies can be compared. */
export interface SlotDigest {
  /** Number of keys; a key with values of two types counts twice. */
  readonly keys: number;
  /** SHA-256 over everything live, expiry times in whole seconds included. Equal for equal data. */
  readonly digest: string;
}

/** @param now milliseconds since 1970: what has expired by then does not count */
export function digestOf(data: SlotData, now: number): SlotDigest {
  const lines: string[] = [];
  for (const { type, space } of data.spaces) {
    for (const key of space.keys(now)) {
      const entry = space.find(key, now);
      if (!entry) continue;
      lines.push(JSON.stringify([type, key, Math.floor(entry.expiresAt / 1_000), canonical(entry.value)]));
    }
  }
  lines.sort();
  return { keys: lines.length, digest: createHash('sha256').update(lines.join('\n')).digest('hex') };
}

function canonical(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Set) return [...value].map(String).sort();
  if (value instanceof Map) {
    return [...value]
      .map(([key, item]) => [String(key), canonical(item)])
      .sort((a, b) => ((a[0] as string) < (b[0] as string) ? -1 : 1));
  }
  return value;
}

import { refuseBare } from './codis-error';

/** JSON as Go's encoder with a 4-space indent writes it: `&`, `<` and `>` are escaped. */
export function goJson(value: unknown): string {
  return escapeHtml(JSON.stringify(value, null, 4));
}

/** The text of a nested value: like `goJson`, with every further line moved right by `depth` levels. */
export function nestedJson(value: unknown, depth: number): string {
  return goJson(value).replaceAll('\n', `\n${' '.repeat(4 * depth)}`);
}

/**
 * An integer parameter as `strconv.Atoi` reads it: optional sign, decimal digits.
 * @throws CodisError `invalid <name>`
 */
export function integerParameter(name: string, text: string): number {
  const value = atoi(text);
  if (value === undefined) throw refuseBare(`invalid ${name}`);
  return value;
}

export function atoi(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

/** A time as Go prints it, with the monotonic part counted from the start of the process. */
export function goTime(at: Date, sinceStartMs: number): string {
  const [date = '', clock = ''] = at.toISOString().split('T');
  const [seconds = '', millis = '000'] = clock.slice(0, -1).split('.');
  return `${date} ${seconds}.${millis}000001 +0000 UTC m=+${(sinceStartMs / 1000).toFixed(9)}`;
}

/** An object with its keys in the order in which Go writes the keys of a map. */
export function sortedByKey<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([left], [right]) => (left < right ? -1 : 1)));
}

const ESCAPES: Record<string, string> = { '&': '\\u0026', '<': '\\u003c', '>': '\\u003e' };

function escapeHtml(json: string): string {
  return /[&<>]/.test(json) ? json.replace(/[&<>]/g, (found) => ESCAPES[found] ?? found) : json;
}

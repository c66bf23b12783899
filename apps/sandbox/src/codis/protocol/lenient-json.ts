import { NilPointerPanic } from './codis-error';

/**
 * A list of objects as Go decodes it into a list of structs when nobody looks at the error: a body that is no JSON or no list gives an
 * empty list, an item that is no object gives an empty struct, and null items are kept to crash their reader.
 */
export function decodeList(body: string): (JsonObject | null)[] {
  const value = parse(body);
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown) => (item === null ? null : toObject(item)));
}

export type JsonObject = Record<string, unknown>;

/** @throws NilPointerPanic for a null item, as the real handlers do */
export function present(item: JsonObject | null): JsonObject {
  if (item === null) throw new NilPointerPanic();
  return item;
}

/** A number field; anything that is no integer decodes to 0. */
export function integerField(item: JsonObject, key: string): number {
  const value = field(item, key);
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}

/** A text field; anything else decodes to the empty text. */
export function textField(item: JsonObject, key: string): string {
  const value = field(item, key);
  return typeof value === 'string' ? value : '';
}

export function objectField(item: JsonObject, key: string): JsonObject {
  return toObject(field(item, key));
}

export function field(item: JsonObject, key: string): unknown {
  if (key in item) return item[key];
  const found = Object.keys(item).find((name) => name.toLowerCase() === key);
  return found === undefined ? undefined : item[found];
}

function toObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // the real servers go on with what they have: nothing
  }
}

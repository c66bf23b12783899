/** A value in an answer is not what Codis sends. The message names its place and what was expected there. */
export class ShapeError extends Error {
  constructor(path: string, expected: string, got: unknown) {
    super(`${path} should be ${expected} but is ${kindOf(got)}`);
    this.name = 'ShapeError';
  }
}

/** Reads one value at a place. */
export type Read<T> = (value: unknown, path: string) => T;

export type Fields = Readonly<Record<string, unknown>>;

export const object: Read<Fields> = (value, path) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ShapeError(path, 'an object', value);
};

export const text: Read<string> = (value, path) => {
  if (typeof value === 'string') return value;
  throw new ShapeError(path, 'a text', value);
};

export const flag: Read<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw new ShapeError(path, 'true or false', value);
};

export const count: Read<number> = (value, path) => {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new ShapeError(path, 'a whole number from 0', value);
};

export function list<T>(read: Read<T>): Read<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ShapeError(path, 'an array', value);
    return value.map((item, index) => read(item, `${path}[${index}]`));
  };
}

/** The field of an object. */
export function field<T>(fields: Fields, name: string, read: Read<T>, path: string): T {
  return read(fields[name], `${path}.${name}`);
}

/** The same for a field that Go leaves out when it is empty. */
export function optionalField<T>(fields: Fields, name: string, read: Read<T>, path: string): T | null {
  return fields[name] === undefined ? null : field(fields, name, read, path);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return `the number ${value}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

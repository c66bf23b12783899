import { parseByteSize } from '../byte-size';
import { type Field } from './field';

/** Reads a size, with a unit or as a plain number of bytes. */
export function readByteSize(field: Field): number | undefined {
  const text = typeof field.value === 'number' ? String(field.value) : field.text();
  return field.parse(text, parseByteSize);
}

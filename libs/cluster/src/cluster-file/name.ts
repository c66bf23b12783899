import { type Field } from './field';

/** What Codis allows as the name of a product; good for a cluster too, whose name becomes part of addresses. */
const NAME = /^\w[\w.-]{0,63}$/;

/** Reads a name of a cluster or a product. */
export function readName(field: Field): string | undefined {
  const name = field.text();
  if (name === undefined || NAME.test(name)) return name;
  field.report(
    'NAME_INVALID',
    'This cannot be a name',
    'Use up to 64 letters, digits, dots, dashes and underscores; begin with a letter or a digit.',
  );
  return undefined;
}

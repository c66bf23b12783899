import { type Field } from './field';

/** Reads one of the words that are known; any other is reported with all of them. */
export function readChoice<Word extends string>(
  field: Field,
  known: readonly Word[],
  refusal: { readonly code: string; readonly message: string },
): Word | undefined {
  const text = field.text();
  const word = known.find((candidate) => candidate === text);
  if (text === undefined || word !== undefined) return word;
  field.report(refusal.code, refusal.message, `Write one of ${known.join(', ')}, or remove the key.`);
  return undefined;
}

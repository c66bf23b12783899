import type { KeyValue } from '@slotferry/pika';

/** One line of an export: a key as only the discarded copy holds it. */
export interface DiscardedKey {
  readonly key: string;
  readonly type: string;
  /** Seconds from the moment of the export; null when it does not expire. */
  readonly ttl: number | null;
  /** Bytes of a string, elements of anything else. */
  readonly size: number;
  /** A string; a list of elements or members; pairs of field and value, or of member and score. */
  readonly value: string | string[] | [string, string][];
  /** Present when the key, or something in the value, is no text: then the key, or all of the value, is in base64. */
  readonly keyEncoding?: 'base64';
  readonly valueEncoding?: 'base64';
  /** Present when the key is larger than what is exported, or compared, of one key: `value` holds the beginning, or nothing. */
  readonly partial?: true;
}

/** True unless both are known to be the same. The time to live runs, so only whether there is one is compared. */
export function differs(own: KeyValue, other: KeyValue): boolean {
  if (own.type !== other.type || (own.ttl === null) !== (other.ttl === null)) return true;
  if (own.size !== other.size || own.elements.length !== other.elements.length) return true;
  if (own.elements.some((element, index) => !other.elements[index]?.equals(element))) return true;
  return !own.whole || !other.whole;
}

export function describeKey(key: Buffer, { type, ttl, size, elements, whole }: KeyValue): DiscardedKey {
  const [keyText, elementTexts] = [textOf(key), elements.map(textOf)];
  const isText = elementTexts.every((text) => text !== null);
  const texts = elements.map((element, index) =>
    isText ? (elementTexts[index] ?? '') : element.toString('base64'),
  );
  return {
    key: keyText ?? key.toString('base64'),
    type,
    ttl,
    size,
    value: shape(type, texts),
    ...(keyText === null && { keyEncoding: 'base64' }),
    ...(!isText && { valueEncoding: 'base64' }),
    ...(!whole && { partial: true }),
  };
}

function shape(type: string, texts: readonly string[]): DiscardedKey['value'] {
  if (type === 'string') return texts[0] ?? '';
  if (type !== 'hash' && type !== 'zset') return [...texts];
  return texts.flatMap((text, index) =>
    index % 2 === 0 ? [[text, texts[index + 1] ?? ''] as [string, string]] : [],
  );
}

/** Null when the bytes are no UTF-8 text. */
function textOf(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
}

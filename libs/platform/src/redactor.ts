const MASK = '***';

/** Knows the secrets of this process and takes them out of everything that leaves it. */
export class Redactor {
  private forms: string[] = [];

  /** From now on the value is masked, also as part of a URL or of JSON text. Empty values are ignored. */
  register(secret: string | undefined): void {
    if (secret === undefined || secret === '') return;
    const forms = new Set([...this.forms, ...formsOf(secret)]);
    // Longest first: a secret may be a part of another one.
    this.forms = [...forms].sort((a, b) => b.length - a.length);
  }

  /** The text with every known secret replaced by `***`. */
  text(text: string): string {
    return this.forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);
  }

  /** A copy of a JSON value with every known secret replaced by `***`, in keys too. */
  json<T>(value: T): T {
    return this.mask(value) as T;
  }

  private mask(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.mask(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.mask(item)]));
  }
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  const lowerCase = encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [secret, encoded, lowerCase, encoded.replaceAll('%20', '+'), JSON.stringify(secret).slice(1, -1)];
}

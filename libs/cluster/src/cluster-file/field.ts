import { type Finding } from './finding';
import { ClusterError } from '../errors';
import { type ProblemPath } from '../topology-problem';

/**
 * One value of the file, with its place. Its methods read it as what it should be; a value that is something else is reported
 * and read as undefined, so that reading goes on and finds the next problem. An absent value is undefined without a report:
 * whether it may be absent is for the section around it to say.
 */
export class Field {
  constructor(
    readonly value: unknown,
    readonly path: ProblemPath,
    private readonly findings: Finding[],
  ) {}

  get isAbsent(): boolean {
    return this.value === undefined;
  }

  get isSection(): boolean {
    return isRecord(this.value);
  }

  /** A value below this one; absent when there is none. */
  child(step: string | number): Field {
    const container = Array.isArray(this.value) || isRecord(this.value) ? this.value : {};
    const values: Readonly<Record<string | number, unknown>> = container as Record<string, unknown>;
    const value = Object.hasOwn(container, step) ? values[step] : undefined;
    return new Field(value, [...this.path, step], this.findings);
  }

  /** Its values by key; keys that are not known or that are missing are reported. */
  section<Required extends string, Optional extends string>(
    required: readonly Required[],
    optional: readonly Optional[],
  ): Record<Required | Optional, Field> {
    const known: readonly (Required | Optional)[] = [...required, ...optional];
    if (this.isSection) this.checkKeys(required, known);
    else this.wrongType(`a section with ${known.join(', ')}`);
    const fields = known.map((key) => [key, this.child(key)] as const);
    return Object.fromEntries(fields) as Record<Required | Optional, Field>;
  }

  /** Its keys, in the order of the file. */
  keys(): string[] {
    return isRecord(this.value) ? Object.keys(this.value) : [];
  }

  text(): string | undefined {
    if (typeof this.value === 'string' && this.value.trim() !== '') return this.value;
    return this.wrongType('text', typeof this.value === 'number' ? ' Put a number in quotes.' : '');
  }

  integer(): number | undefined {
    return Number.isSafeInteger(this.value) ? (this.value as number) : this.wrongType('a whole number');
  }

  trueOrFalse(): boolean | undefined {
    return typeof this.value === 'boolean' ? this.value : this.wrongType('true or false');
  }

  list(): Field[] | undefined {
    if (!Array.isArray(this.value)) return this.wrongType('a list');
    if (this.value.length > 0) return this.value.map((_, index) => this.child(index));
    this.report('LIST_EMPTY', 'The list is empty', 'Name at least one.');
    return undefined;
  }

  /** Reads the text with a parser that throws a ClusterError, which is reported. */
  parse<T>(text: string | undefined, parser: (text: string) => T): T | undefined {
    if (text === undefined) return undefined;
    try {
      return parser(text);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      this.report(error.code, error.message, error.remedy);
      return undefined;
    }
  }

  report(code: string, message: string, remedy: string): void {
    this.findings.push({ code, message, remedy, path: this.path });
  }

  /** Points at the key instead of the value. */
  reportKey(code: string, message: string, remedy: string): void {
    this.findings.push({ code, message, remedy, path: this.path, place: 'key' });
  }

  private checkKeys(required: readonly string[], known: readonly string[]): void {
    for (const key of this.keys().filter((key) => !known.includes(key))) {
      this.child(key).reportKey('KEY_UNKNOWN', 'This key is not known', remedyForUnknown(key, known));
    }
    for (const key of required.filter((key) => this.child(key).isAbsent)) {
      this.report('KEY_MISSING', `${key} is missing`, `Add ${key}.`);
    }
  }

  /** Names the type of the value, never the value: it might be a secret in the wrong place. */
  private wrongType(expected: string, hint = ''): undefined {
    if (this.isAbsent) return undefined;
    if (this.value === null || this.value === '') {
      this.report('VALUE_MISSING', 'There is no value here', `Write ${expected} here.`);
    } else {
      this.report('WRONG_TYPE', `This is ${typeName(this.value)}`, `Write ${expected}.${hint}`);
    }
    return undefined;
  }
}

/** In `{ slots: 0-3,8 }` the comma ends the value, and 8 becomes a key. */
function remedyForUnknown(key: string, known: readonly string[]): string {
  if (known.includes('slots') && /^[\d-]+$/.test(key)) return 'Put a list of slots in quotes: "0-3,8".';
  return `Known here: ${known.join(', ')}.`;
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'string' ? 'text' : 'a section';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value and when it ends, in milliseconds since 1970; 0 for never. */
export interface Timed<T> {
  readonly value: T;
  expiresAt: number;
}

/** Keys, fields and members are held as latin1 text, one character a byte: binary safe, and quick to look up. */
export type ByteText = string;

/**
 * The data of one slot. As in Pika every type has its own key space: the same key may hold a string and a hash at once, no command
 * ever finds a value of the wrong type, and DEL and EXPIRE act on all of them.
 */
export class SlotData {
  readonly strings = new KeySpace<Buffer>();
  readonly hashes = new KeySpace<Map<ByteText, Buffer>>();
  readonly lists = new KeySpace<Buffer[]>();
  readonly zsets = new KeySpace<Map<ByteText, number>>();
  readonly sets = new KeySpace<Set<ByteText>>();

  /** In the order in which Pika reports them. */
  get spaces(): readonly { readonly type: DataType; readonly space: KeySpace<unknown> }[] {
    return [
      { type: 'string', space: this.strings },
      { type: 'hash', space: this.hashes },
      { type: 'list', space: this.lists },
      { type: 'zset', space: this.zsets },
      { type: 'set', space: this.sets },
    ];
  }

  /** The keys that live at that time, each once, whatever its types. */
  keys(now: number): ByteText[] {
    return [...new Set(this.spaces.flatMap(({ space }) => space.keys(now)))];
  }

  clear(): void {
    for (const { space } of this.spaces) space.clear();
  }

  /** An independent copy, as a full copy makes it. */
  clone(): SlotData {
    const copy = new SlotData();
    this.strings.copyTo(copy.strings, (value) => value);
    this.hashes.copyTo(copy.hashes, (value) => new Map(value));
    this.lists.copyTo(copy.lists, (value) => [...value]);
    this.zsets.copyTo(copy.zsets, (value) => new Map(value));
    this.sets.copyTo(copy.sets, (value) => new Set(value));
    return copy;
  }
}

export type DataType = 'string' | 'hash' | 'list' | 'zset' | 'set';

/** The keys of one type. A key that has expired is not there any more. */
export class KeySpace<T> {
  private readonly entries = new Map<ByteText, Timed<T>>();

  find(key: ByteText, now: number): Timed<T> | undefined {
    const entry = this.entries.get(key);
    if (!entry || entry.expiresAt === 0 || entry.expiresAt > now) return entry;
    this.entries.delete(key);
    return undefined;
  }

  get(key: ByteText, now: number): T | undefined {
    return this.find(key, now)?.value;
  }

  /** The value, made first when there is none. */
  getOrCreate(key: ByteText, now: number, create: () => T): T {
    const existing = this.find(key, now);
    if (existing) return existing.value;
    const value = create();
    this.set(key, value);
    return value;
  }

  set(key: ByteText, value: T, expiresAt = 0): void {
    this.entries.set(key, { value, expiresAt });
  }

  /** Replaces the value and leaves its expiry as it is. */
  replace(key: ByteText, value: T, now: number): void {
    this.set(key, value, this.find(key, now)?.expiresAt ?? 0);
  }

  delete(key: ByteText, now: number): boolean {
    const existed = this.find(key, now) !== undefined;
    this.entries.delete(key);
    return existed;
  }

  keys(now: number): ByteText[] {
    return [...this.entries.keys()].filter((key) => this.find(key, now));
  }

  /** Number of keys, and how many of them expire. */
  count(now: number): { keys: number; expires: number } {
    const live = this.keys(now);
    return { keys: live.length, expires: live.filter((key) => this.find(key, now)?.expiresAt !== 0).length };
  }

  clear(): void {
    this.entries.clear();
  }

  copyTo(target: KeySpace<T>, copyValue: (value: T) => T): void {
    for (const [key, { value, expiresAt }] of this.entries) target.set(key, copyValue(value), expiresAt);
  }
}

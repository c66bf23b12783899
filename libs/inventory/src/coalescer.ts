/** Answers for all keys of one fetch. */
export type Lookup<K, V> = (key: K) => V;

/** Fetches at once what several callers asked for. */
export type Fetch<K, V> = (keys: ReadonlySet<K>) => Promise<Lookup<K, V>>;

/**
 * Lets callers share fetches. Those who ask in the same tick share one; whoever asks while a fetch is under way waits for the next,
 * which begins when that one has ended. So a fetch always begins after it was asked for, and nobody is told what was true before
 * unless he says that it is good enough; and there is never more than one at a time, however many ask.
 *
 * A caller waits for two fetches at most, so the limit of a fetch has to be its own.
 */
export class Coalescer<K, V> {
  private next: Batch<K, V> | null = null;
  private previous: Promise<unknown> = Promise.resolve();
  /** The fetch that began last, and when, on the monotonic clock; none once it failed. */
  private last: { readonly batch: Batch<K, V>; readonly begunAt: number } | null = null;

  constructor(private readonly fetch: Fetch<K, V>) {}

  /**
   * Rejects with the error of the fetch, as for everybody who shares it.
   * @param maxAgeMs the answer of a fetch for this key that began no longer ago is good enough
   */
  async load(key: K, maxAgeMs = 0): Promise<V> {
    const { keys, answer } = this.recent(key, maxAgeMs) ?? (this.next ??= this.begin());
    keys.add(key);
    return (await answer)(key);
  }

  private recent(key: K, maxAgeMs: number): Batch<K, V> | null {
    if (!this.last || performance.now() - this.last.begunAt > maxAgeMs) return null;
    return maxAgeMs > 0 && this.last.batch.keys.has(key) ? this.last.batch : null;
  }

  private begin(): Batch<K, V> {
    const keys = new Set<K>();
    const answer = this.previous.then(() => {
      this.next = null;
      this.last = { batch, begunAt: performance.now() };
      return this.fetch(keys);
    });
    const batch = { keys, answer };
    const failed = (): void => {
      if (this.last?.batch === batch) this.last = null;
    };
    // An error is the callers' own; the fetch after it begins all the same.
    this.previous = answer.then(ended, failed);
    return batch;
  }
}

interface Batch<K, V> {
  readonly keys: Set<K>;
  readonly answer: Promise<Lookup<K, V>>;
}

function ended(): void {}

/** Answers for all keys of one fetch. */
export type Lookup<K, V> = (key: K) => V;

/** Fetches at once what several callers asked for. */
export type Fetch<K, V> = (keys: ReadonlySet<K>) => Promise<Lookup<K, V>>;

/**
 * Lets callers share fetches. Those who ask in the same tick share one; whoever asks while a fetch is under way waits for the next,
 * which begins when that one has ended. So a fetch always begins after it was asked for, and nobody is told what was true before;
 * and there is never more than one at a time, however many ask.
 *
 * A caller waits for two fetches at most, so the limit of a fetch has to be its own.
 */
export class Coalescer<K, V> {
  private next: Batch<K, V> | null = null;
  private previous: Promise<unknown> = Promise.resolve();

  constructor(private readonly fetch: Fetch<K, V>) {}

  /** Rejects with the error of the fetch, as for everybody who shares it. */
  async load(key: K): Promise<V> {
    this.next ??= this.begin();
    const { keys, answer } = this.next;
    keys.add(key);
    return (await answer)(key);
  }

  private begin(): Batch<K, V> {
    const keys = new Set<K>();
    const answer = this.previous.then(() => {
      this.next = null;
      return this.fetch(keys);
    });
    // An error is the callers' own; the fetch after it begins all the same.
    this.previous = answer.then(ended, ended);
    return { keys, answer };
  }
}

interface Batch<K, V> {
  readonly keys: Set<K>;
  readonly answer: Promise<Lookup<K, V>>;
}

function ended(): void {}

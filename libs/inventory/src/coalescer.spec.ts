import { Coalescer, type Lookup } from './coalescer';

interface Fetched {
  readonly keys: readonly string[];
  readonly answer: (word: string) => void;
  readonly fail: (error: Error) => void;
}

/** Every fetch waits until the test answers it. */
function observed(): { coalescer: Coalescer<string, string>; fetches: Fetched[] } {
  const fetches: Fetched[] = [];
  const coalescer = new Coalescer<string, string>(
    (keys) =>
      new Promise<Lookup<string, string>>((resolve, reject) => {
        const answer = (word: string): void => resolve((key) => `${key} ${word}`);
        fetches.push({ keys: [...keys], answer, fail: reject });
      }),
  );
  return { coalescer, fetches };
}

/** Until everything that is due has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a coalescer', () => {
  it('fetches once for all who ask in the same tick, each key once', async () => {
    const { coalescer, fetches } = observed();
    const loads = Promise.all(['a', 'b', 'a'].map((key) => coalescer.load(key)));
    await settled();
    expect(fetches.map(({ keys }) => keys)).toEqual([['a', 'b']]);
    fetches[0]?.answer('now');
    expect(await loads).toEqual(['a now', 'b now', 'a now']);
  });

  it('never answers with a fetch that began before the question', async () => {
    const { coalescer, fetches } = observed();
    const early = coalescer.load('a');
    await settled();
    const late = coalescer.load('a');
    await settled();
    expect(fetches).toHaveLength(1);
    fetches[0]?.answer('before');
    expect(await early).toBe('a before');
    await settled();
    fetches[1]?.answer('after');
    expect(await late).toBe('a after');
  });

  it('has one fetch under way at a time; all who came meanwhile share the next', async () => {
    const { coalescer, fetches } = observed();
    const loads = [coalescer.load('a')];
    for (const key of ['b', 'c', 'd']) {
      await settled();
      loads.push(coalescer.load(key));
    }
    await settled();
    expect(fetches).toHaveLength(1);
    fetches[0]?.answer('first');
    await settled();
    expect(fetches.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c', 'd']]);
    fetches[1]?.answer('second');
    expect(await Promise.all(loads)).toEqual(['a first', 'b second', 'c second', 'd second']);
  });

  it('hands an error to everybody who shares the fetch, and to nobody else', async () => {
    const { coalescer, fetches } = observed();
    const failing = Promise.allSettled([coalescer.load('a'), coalescer.load('b')]);
    await settled();
    const later = coalescer.load('c');
    const error = new Error('no answer');
    fetches[0]?.fail(error);
    expect(await failing).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ]);
    await settled();
    fetches[1]?.answer('again');
    expect(await later).toBe('c again');
  });

  it('hands on what a fetch throws at once', async () => {
    const error = new Error('wrong from the beginning');
    const coalescer = new Coalescer<string, string>(() => {
      throw error;
    });
    await expect(coalescer.load('a')).rejects.toBe(error);
    await expect(coalescer.load('a')).rejects.toBe(error);
  });

  describe('for who says that an answer of a moment ago is good enough', () => {
    it('takes part in the fetch that is under way, and in one that ended', async () => {
      const { coalescer, fetches } = observed();
      const first = coalescer.load('a');
      await settled();
      const second = coalescer.load('a', 1_000);
      fetches[0]?.answer('now');
      expect(await Promise.all([first, second])).toEqual(['a now', 'a now']);
      expect(await coalescer.load('a', 1_000)).toBe('a now');
      expect(fetches).toHaveLength(1);
    });

    it('fetches what is older, what nobody asked for, and what failed', async () => {
      const { coalescer, fetches } = observed();
      const first = coalescer.load('a');
      await settled();
      fetches[0]?.answer('now');
      await first;
      await new Promise((resolve) => setTimeout(resolve, 30));
      const old = coalescer.load('a', 10);
      await settled();
      fetches[1]?.answer('again');
      expect(await old).toBe('a again');
      const other = coalescer.load('b', 1_000);
      await settled();
      fetches[2]?.fail(new Error('no answer'));
      await expect(other).rejects.toThrow('no answer');
      const after = coalescer.load('b', 1_000);
      await settled();
      fetches[3]?.answer('at last');
      expect(await after).toBe('b at last');
      expect(fetches.map(({ keys }) => keys)).toEqual([['a'], ['a'], ['b'], ['b']]);
    });
  });
});

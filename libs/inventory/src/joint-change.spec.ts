import { JointChange } from './joint-change';

class Refusal extends Error {}

/** Changes as they were sent; each is answered as the test says, by the keys it names. */
function observed(
  answer: (keys: readonly string[]) => Error | null = () => null,
  { messages = 1, most }: { messages?: number; most?: number } = {},
) {
  const sent: string[][] = [];
  const change = new JointChange<string>(
    async (keys, gate) => {
      for (let message = 0; message < messages; message += 1) {
        gate();
        if (message === 0) sent.push([...keys]);
      }
      const error = answer(keys);
      if (error) throw error;
    },
    {
      isRefusal: (error) => error instanceof Refusal,
      brokenOff: () => new Error('broken off'),
      ...(most !== undefined && { most }),
    },
  );
  return { change, sent };
}

const outcomes = async (changes: readonly Promise<void>[]): Promise<string[]> =>
  (await Promise.allSettled(changes)).map((one) =>
    one.status === 'fulfilled' ? 'done' : (one.reason as Error).message,
  );

const lost = (): never => {
  throw new Error('lease lost');
};

describe('a joint change', () => {
  it('is sent once for all who ask in the same turn, each key once, and anew for those who ask later', async () => {
    const { change, sent } = observed();
    const first = ['a', 'b', 'a'].map((key) => change.change(key));
    expect(await outcomes(first)).toEqual(['done', 'done', 'done']);
    expect(await outcomes([change.change('c')])).toEqual(['done']);
    expect(sent).toEqual([['a', 'b'], ['c']]);
  });

  it('leaves out who has lost the right to act, and nobody else', async () => {
    const { change, sent } = observed();
    const all = [change.change('a'), change.change('b', lost), change.change('c')];
    expect(await outcomes(all)).toEqual(['done', 'lease lost', 'done']);
    expect(sent).toEqual([['a', 'c']]);
  });

  it('is not sent when nobody may act', async () => {
    const { change, sent } = observed();
    expect(await outcomes([change.change('a', lost), change.change('b', lost)])).toEqual([
      'lease lost',
      'lease lost',
    ]);
    expect(sent).toEqual([]);
  });

  it('is sent for each alone when it is refused for all, so that one does not fail the others', async () => {
    const { change, sent } = observed((keys) => (keys.includes('b') ? new Refusal('not b') : null));
    const all = ['a', 'b', 'c'].map((key) => change.change(key));
    expect(await outcomes(all)).toEqual(['done', 'not b', 'done']);
    expect(sent).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  it('fails for all when nobody knows what became of it', async () => {
    const { change, sent } = observed(() => new Error('no answer'));
    expect(await outcomes([change.change('a'), change.change('b')])).toEqual(['no answer', 'no answer']);
    expect(sent).toEqual([['a', 'b']]);
  });

  it('is sent in parts, one after the other, where it may not be too large', async () => {
    const { change, sent } = observed(() => null, { most: 2 });
    await outcomes(['a', 'b', 'c', 'd', 'e'].map((key) => change.change(key)));
    expect(sent).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('is not sent again when one loses the right to act after a part of it left', async () => {
    const { change, sent } = observed(() => null, { messages: 2 });
    let asked = 0;
    const losing = (): void => {
      if (++asked > 1) lost();
    };
    expect(await outcomes([change.change('a'), change.change('b', losing)])).toEqual([
      'broken off',
      'lease lost',
    ]);
    expect(sent).toEqual([['a', 'b']]);
  });
});

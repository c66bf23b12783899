import { allEnded } from './all-ended';

describe('work of which all has to end', () => {
  it('gives what each of it gave', async () => {
    expect(await allEnded([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
  });

  it('throws what went wrong only when the rest has ended', async () => {
    let end: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (end = resolve));
    const seen: string[] = [];
    const all = allEnded([Promise.reject(new Error('no')), slow]).catch((error: unknown) => {
      seen.push(String(error));
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([]);
    end();
    await all;
    expect(seen).toEqual(['Error: no']);
  });
});

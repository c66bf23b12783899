import { Mending } from './mending';

describe('looks at a node that a rejoin was at', () => {
  const seen = (mending: Mending, at: number, open: readonly string[], now: number): boolean =>
    mending.relevant(new Map([['a:1', { node: 'a:1', at, slots: [] }]]), open, now).size === 1;

  it('count again when they are from after its end', () => {
    const mending = new Mending();
    expect(seen(mending, 90, [], 100)).toBe(true);
    mending.begun('a:1');
    expect(seen(mending, 1_090, ['a:1'], 1_100)).toBe(false);
    expect(seen(mending, 2_090, [], 2_100)).toBe(false);
    expect(seen(mending, 2_090, [], 3_100)).toBe(false);
    expect(seen(mending, 3_190, [], 3_200)).toBe(true);
  });

  it('count later also when somebody else has begun it, or it has ended before the next look', () => {
    const mending = new Mending();
    expect(seen(mending, 90, ['a:1'], 100)).toBe(false);
    expect(seen(mending, 1_090, [], 1_100)).toBe(false);
    expect(seen(mending, 1_150, [], 2_100)).toBe(true);
    mending.begun('a:1');
    expect(seen(mending, 3_090, [], 3_100)).toBe(false);
  });
});

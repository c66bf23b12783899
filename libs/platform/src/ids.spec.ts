import { newId } from './ids';

describe('newId', () => {
  it('fits into URLs, Redis keys and queue ids', () => {
    for (let i = 0; i < 1_000; i++) expect(newId('mv')).toMatch(/^mv-[0-9a-z]{21}$/);
  });

  it('sorts by time', () => {
    const times = [0, 1, 1_000_000, Date.now(), Date.now() + 1, 4e12];
    const ids = times.map((time) => newId('mv', time));
    expect([...ids].sort()).toEqual(ids);
  });

  it('does not repeat within a millisecond', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId('mv', 1))).size).toBe(10_000);
  });

  it.each(['', '1a', 'a:b', 'A'])('refuses the prefix %p', (prefix) =>
    expect(() => newId(prefix)).toThrow(RangeError),
  );
});

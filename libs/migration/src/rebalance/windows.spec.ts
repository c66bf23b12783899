import fc from 'fast-check';
import { isOpen, opensAt, windowProblem } from './windows';

const at = (time: string): number => Date.parse(`2026-03-01T${time}Z`);

describe('windows', () => {
  it('are always open when there are none', () => {
    expect(isOpen([], at('12:00:00'))).toBe(true);
  });

  it.each([
    ['00:59:59', false, '2026-03-01T01:00:00'],
    ['01:00:00', true, '2026-03-01T01:00:00'],
    ['05:59:59', true, '2026-03-01T05:59:59'],
    ['06:00:00', false, '2026-03-02T01:00:00'],
  ])('of 01:00-06:00 are at %s open: %s', (time, open, opens) => {
    expect(isOpen(['01:00-06:00'], at(time))).toBe(open);
    expect(opensAt(['01:00-06:00'], at(time))).toBe(Date.parse(`${opens}Z`));
  });

  it.each([
    ['21:59:00', false],
    ['22:00:00', true],
    ['23:59:59', true],
    ['01:59:59', true],
    ['02:00:00', false],
  ])('go over midnight: 22:00-02:00 is at %s open: %s', (time, open) => {
    expect(isOpen(['22:00-02:00'], at(time))).toBe(open);
  });

  it('open with the first of several', () => {
    const windows = ['20:00-21:00', '12:30-13:00'];
    expect(opensAt(windows, at('10:00:00'))).toBe(at('12:30:00'));
    expect(opensAt(windows, at('13:00:00'))).toBe(at('20:00:00'));
  });

  it('never open where the text is none', () => {
    expect([isOpen(['soon'], at('01:00:00')), opensAt(['soon'], at('01:00:00'))]).toEqual([false, null]);
  });

  it('are open when they say that they open', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([hour, minute]) => {
        return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
      });
    const windows = fc.array(
      fc.tuple(time, time).filter(([from, to]) => from !== to),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 1e12 }), (list, now) => {
        const texts = list.map(([from, to]) => `${from}-${to}`);
        expect(texts.map(windowProblem)).toEqual(texts.map(() => null));
        const opens = opensAt(texts, now);
        if (opens === null) throw new Error('it never opens');
        expect(isOpen(texts, opens)).toBe(true);
        expect(opens - now).toBeLessThan(24 * 3_600_000);
        if (opens > now) expect(isOpen(texts, opens - 1)).toBe(false);
      }),
    );
  });

  it.each(['1:00-2:00', '01:00-24:00', '01:60-02:00', '01:00', '', '01:00-06:00 '])(
    'are not written %j',
    (text) => {
      expect(windowProblem(text)).toContain('is not a time of day');
    },
  );

  it('do not begin when they end', () => {
    expect(windowProblem('01:00-01:00')).toContain('begins when it ends');
  });
});

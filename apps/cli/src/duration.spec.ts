import { parseDuration, showDuration } from './duration';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '10', '0s', '1.5s', '-1s', '1d', '10 m'])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow('Write a duration');
  });
});

describe('showDuration', () => {
  it.each([
    [0, '0 ms'],
    [83.4, '83 ms'],
    [1_900, '1.9 s'],
    [185_000, '3 m 05 s'],
    [7_500_000, '2 h 05 m'],
  ])('%d ms is %s', (ms, text) => {
    expect(showDuration(ms)).toBe(text);
  });
});

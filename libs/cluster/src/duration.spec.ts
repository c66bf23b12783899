import * as fc from 'fast-check';
import { DurationError, formatDuration, parseDuration } from './duration';

describe('duration', () => {
  it.each([
    ['250ms', 250],
    ['1s', 1000],
    ['2m', 120_000],
    ['0ms', 0],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    '',
    '1',
    's',
    '1.5s',
    '-1s',
    '1 s',
    ' 1s',
    '1S',
    '1h',
    '01s',
    '1s1',
    'toString',
    '9999999999999s',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(DurationError);
  });

  it.each([
    [0, '0s'],
    [250, '250ms'],
    [1000, '1s'],
    [1500, '1500ms'],
    [90_000, '90s'],
    [120_000, '2m'],
  ])('prints %d ms', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('survives printing and reading', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.constantFrom(1, 1000, 60_000), (amount, unit) => {
        expect(parseDuration(formatDuration(amount * unit))).toBe(amount * unit);
      }),
    );
  });
});

import * as fc from 'fast-check';
import {
  bytesBetween,
  comparePositions,
  formatPosition,
  isPositionZero,
  parsePosition,
  positionsEqual,
  UnreadablePositionError,
} from './binlog-position';

const anyPosition = fc.record({ file: fc.maxSafeNat(), offset: fc.maxSafeNat() });

describe('binlog position', () => {
  it('is read as Pika prints it', () => {
    expect(parsePosition('0 756')).toEqual({ file: 0, offset: 756 });
    expect(parsePosition('12 104857600')).toEqual({ file: 12, offset: 104857600 });
  });

  it.each([
    '',
    ' ',
    '0',
    '756',
    '0 ',
    ' 756',
    '0  756',
    '0 756 ',
    '0 756\r',
    '-1 0',
    '0 -1',
    '0 x',
    'NaN NaN',
    '0.5 1',
    '1e3 0',
    '00 1',
    '0,756',
    '0 9007199254740992',
  ])('refuses %j instead of taking it for 0', (text) => {
    expect(() => parsePosition(text)).toThrow(UnreadablePositionError);
  });

  it('does not repeat a long text in its error', () => {
    expect(() => parsePosition('x'.repeat(10_000))).toThrow(/^.{1,100}$/);
  });

  it('survives printing and reading', () => {
    fc.assert(
      fc.property(anyPosition, (position) => {
        expect(parsePosition(formatPosition(position))).toEqual(position);
      }),
    );
  });

  it('is compared by file first', () => {
    expect(comparePositions({ file: 1, offset: 0 }, { file: 0, offset: 99 })).toBe(1);
    expect(comparePositions({ file: 0, offset: 98 }, { file: 0, offset: 99 })).toBe(-1);
    expect(comparePositions({ file: 3, offset: 7 }, { file: 3, offset: 7 })).toBe(0);
  });

  it('has one order, in whichever direction it is asked', () => {
    fc.assert(
      fc.property(anyPosition, anyPosition, (a, b) => {
        expect(comparePositions(a, b) + comparePositions(b, a)).toBe(0);
        expect(positionsEqual(a, b)).toBe(comparePositions(a, b) === 0);
      }),
    );
  });

  it('is zero at 0 0 only', () => {
    expect(isPositionZero({ file: 0, offset: 0 })).toBe(true);
    expect(isPositionZero({ file: 1, offset: 0 })).toBe(false);
    expect(isPositionZero({ file: 0, offset: 1 })).toBe(false);
  });

  it('tells the distance in bytes, also across files', () => {
    expect(bytesBetween({ file: 0, offset: 700 }, { file: 0, offset: 756 })).toBe(56);
    expect(bytesBetween({ file: 0, offset: 104857500 }, { file: 1, offset: 20 })).toBe(120);
    expect(bytesBetween({ file: 1, offset: 90 }, { file: 3, offset: 10 }, 100)).toBe(120);
  });

  it('tells a negative distance when the one thought behind is ahead', () => {
    expect(bytesBetween({ file: 0, offset: 236 }, { file: 0, offset: 154 })).toBe(-82);
  });
});

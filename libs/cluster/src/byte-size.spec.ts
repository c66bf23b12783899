import * as fc from 'fast-check';
import { ByteSizeError, formatByteSize, parseByteSize } from './byte-size';

describe('byte size', () => {
  it.each([
    ['512', 512],
    ['512B', 512],
    ['64KiB', 65_536],
    ['1MiB', 1_048_576],
    ['1MB', 1_000_000],
    ['2GiB', 2_147_483_648],
    ['3KB', 3000],
    ['0', 0],
  ])('reads %s', (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes);
  });

  it.each(['', 'MiB', '1.5MiB', '-1', '1 MiB', '1mib', '1M', '1XB', '01', '1e3', '9999999999GiB'])(
    'refuses %j',
    (text) => {
      expect(() => parseByteSize(text)).toThrow(ByteSizeError);
    },
  );

  it.each([
    [0, '0'],
    [513, '513'],
    [1_048_576, '1MiB'],
    [1_000_000, '1MB'],
    [1_572_864, '1536KiB'],
  ])('prints %d bytes', (bytes, text) => {
    expect(formatByteSize(bytes)).toBe(text);
  });

  it('survives printing and reading', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.constantFrom(1, 1000, 1024, 1e6, 2 ** 20, 1e9, 2 ** 30),
        (amount, unit) => {
          expect(parseByteSize(formatByteSize(amount * unit))).toBe(amount * unit);
        },
      ),
    );
  });
});

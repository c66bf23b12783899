import { showBytes, showNumber } from './size';

describe('sizes for people', () => {
  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_536, '1.5 KiB'],
    [734_003_200, '700.0 MiB'],
    [3 * 2 ** 40, '3.0 TiB'],
    [2 ** 63, '8192.0 PiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(showBytes(bytes)).toBe(text);
  });

  it.each([
    [0.1 + 0.2, '0.3'],
    [1_234_567, '1234567'],
    [5, '5'],
  ])('%d is %s', (value, text) => {
    expect(showNumber(value)).toBe(text);
  });
});

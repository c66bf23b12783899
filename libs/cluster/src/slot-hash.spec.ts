import * as fc from 'fast-check';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { crc32 } from './crc32';
import { slotOfKey, slotOfWholeKey } from './slot-hash';

describe('slot of a key', () => {
  it.each([
    ['a', 579],
    ['b', 1017],
    ['probe:1', 771],
    ['{tag}x', 899],
    ['x{tag}y', 899],
    ['{}z', 0],
    ['user{1000}.name', 791],
  ])('agrees with Pika 3.4 on %s', (key, slot) => {
    expect(slotOfKey(key, 1024)).toBe(slot);
    expect(slotOfKey(Buffer.from(key), 1024)).toBe(slot);
  });

  it.each([
    ['a', 579],
    ['b', 1017],
    ['{tag}x', 472],
  ])('agrees with Pika 3.2, which knows no tags, on %s', (key, slot) => {
    expect(slotOfWholeKey(key, 1024)).toBe(slot);
  });

  it('ends a tag at the first closing brace after the opening one', () => {
    expect(slotOfKey('}{a}b}', 1024)).toBe(slotOfKey('a', 1024));
    expect(slotOfKey('{{a}}', 1024)).toBe(slotOfWholeKey('{a', 1024));
  });

  it('hashes the whole key when no tag is closed', () => {
    expect(slotOfKey('a{b', 1024)).toBe(slotOfWholeKey('a{b', 1024));
    expect(slotOfKey('}a{b', 1024)).toBe(slotOfWholeKey('}a{b', 1024));
  });

  it('takes bytes that are no text', () => {
    const key = Buffer.from([0xff, 0x00, 0x7b, 0xfe, 0x7d]);
    expect(slotOfKey(key, 1024)).toBe(slotOfWholeKey(Buffer.from([0xfe]), 1024));
  });

  it('puts every key of one tag into one slot of the table', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.integer({ min: 1, max: 2048 }),
        (tag, before, after, slots) => {
          fc.pre(!/[{}]/.test(tag + before));
          const slot = slotOfKey(`${before}{${tag}}${after}`, slots);
          expect(slot).toBe(slotOfWholeKey(tag, slots));
          expect(slot).toBeGreaterThanOrEqual(0);
          expect(slot).toBeLessThan(slots);
        },
      ),
    );
  });
});

describe('crc32', () => {
  it('has the published check value', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });

  it('agrees with zlib on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
  });
});

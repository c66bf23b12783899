import type { KeyValue } from '@slotferry/pika';
import { describeKey, differs } from './describe-key';

const value = (type: string, elements: (string | Buffer)[], given: Partial<KeyValue> = {}): KeyValue => ({
  type,
  ttl: null,
  size: elements.length,
  elements: elements.map((element) => Buffer.from(element)),
  whole: true,
  ...given,
});

describe('a key of a discarded copy', () => {
  it('is written as readable as its bytes allow', () => {
    expect(describeKey(Buffer.from('k'), value('string', ['v'], { ttl: 60 }))).toEqual({
      key: 'k',
      type: 'string',
      ttl: 60,
      size: 1,
      value: 'v',
    });
    expect(describeKey(Buffer.from('k'), value('hash', ['f', '1', 'g', '2'])).value).toEqual([
      ['f', '1'],
      ['g', '2'],
    ]);
    expect(describeKey(Buffer.from('k'), value('set', ['a', 'ä'])).value).toEqual(['a', 'ä']);
  });

  it('is written in base64 where they are no text, and says so', () => {
    const bytes = Buffer.from([0xff]);
    expect(describeKey(bytes, value('list', ['a', bytes]))).toMatchObject({
      key: '/w==',
      keyEncoding: 'base64',
      value: ['YQ==', '/w=='],
      valueEncoding: 'base64',
    });
  });

  it('says that it is not whole', () => {
    const large = value('set', [], { size: 1_000_000, whole: false });
    expect(describeKey(Buffer.from('k'), large)).toMatchObject({ size: 1_000_000, value: [], partial: true });
  });

  it('differs by its type, its content, and whether it expires', () => {
    const one = value('string', ['v']);
    expect(differs(one, value('string', ['v']))).toBe(false);
    expect(differs(one, value('string', ['w']))).toBe(true);
    expect(differs(one, value('none', []))).toBe(true);
    expect(differs(one, value('list', ['v']))).toBe(true);
    expect(differs(one, value('string', ['v'], { ttl: 5 }))).toBe(true);
    expect(differs(value('string', ['v'], { ttl: 7 }), value('string', ['v'], { ttl: 5 }))).toBe(false);
    expect(differs(value('list', ['a', 'b']), value('list', ['b', 'a']))).toBe(true);
  });

  it('counts as different when it is too large to tell', () => {
    const large = value('set', [], { size: 1_000_000, whole: false });
    expect(differs(large, large)).toBe(true);
  });
});

import fc from 'fast-check';
import { canonicalJson, type Json } from './json';

describe('canonicalJson', () => {
  it('sorts keys at every level and leaves out what is undefined', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}');
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('is the same text before and after a value was stored', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const stored = JSON.parse(JSON.stringify(value)) as Json;
        expect(canonicalJson(stored)).toBe(canonicalJson(value as Json));
        expect(JSON.parse(canonicalJson(stored))).toEqual(stored);
      }),
    );
  });
});

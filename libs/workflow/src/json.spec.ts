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

  it('is the same however the keys were ordered', () => {
    const reordered = (value: Json): Json => {
      if (value === null || typeof value !== 'object') return value;
      if (Array.isArray(value)) return value.map(reordered);
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, reordered(member ?? null)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const stored = JSON.parse(JSON.stringify(value)) as Json;
        expect(canonicalJson(reordered(stored))).toBe(canonicalJson(stored));
      }),
    );
    expect(canonicalJson({ 10: 1, 9: 2, a: 3 })).toBe('{"10":1,"9":2,"a":3}');
  });
});

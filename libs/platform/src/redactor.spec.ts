import { Redactor } from './redactor';

describe('Redactor', () => {
  it('masks secrets wherever they stand, also inside URLs and JSON text', () => {
    const redactor = new Redactor();
    redactor.register('p@ss/"word"');
    expect(redactor.text('AUTH p@ss/"word" refused')).toBe('AUTH *** refused');
    expect(redactor.text('redis://:p%40ss%2F%22word%22@host')).toBe('redis://:***@host');
    expect(redactor.text('redis://:p%40ss%2f%22word%22@host')).toBe('redis://:***@host');
    expect(redactor.text('{"a":"p@ss/\\"word\\""}')).toBe('{"a":"***"}');
  });

  it('masks values and keys at any depth, and leaves the rest as it is', () => {
    const redactor = new Redactor();
    redactor.register('s3cret');
    expect(redactor.json({ a: [{ b: 'x s3cret' }], s3cret: 1, c: null, d: 4, e: true })).toEqual({
      a: [{ b: 'x ***' }],
      '***': 1,
      c: null,
      d: 4,
      e: true,
    });
  });

  it('masks the longer secret first when one contains the other', () => {
    const redactor = new Redactor();
    redactor.register('abc');
    redactor.register('abcdef');
    expect(redactor.text('abcdef abc')).toBe('*** ***');
  });

  it('ignores what is empty', () => {
    const redactor = new Redactor();
    redactor.register('');
    redactor.register(undefined);
    expect(redactor.text('text')).toBe('text');
  });
});

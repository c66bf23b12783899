import fc from 'fast-check';
import { ReplyFrames, RequestFrames, type RespValue, array, bulk, decodeReply, decodeRequest } from '.';
import { encodeReply, encodeRequest, failure, integer, simple } from '.';

const values: fc.Arbitrary<RespValue> = fc.letrec<{ value: RespValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(simple('OK'), failure('ERR Partition not found'), integer(-7), integer(2n ** 62n)),
    fc.constantFrom(bulk(null), array(null)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => bulk(Buffer.from(bytes))),
    fc.array(tie('value'), { maxLength: 5 }).map(array),
  ),
})).value;

const split = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

describe('replies', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), (sent, size) => {
        const frames = new ReplyFrames();
        const raw = split(Buffer.concat(sent.map(encodeReply)), size).flatMap((chunk) => frames.push(chunk));
        expect(raw.map(decodeReply)).toEqual(sent);
        expect(raw.map((bytes) => bytes.toString('latin1'))).toEqual(
          sent.map((value) => encodeReply(value).toString('latin1')),
        );
      }),
    );
  });

  it('are refused when they are not RESP', () => {
    expect(() => new ReplyFrames().push(Buffer.from('HTTP/1.1 200 OK\r\n'))).toThrow('Protocol error');
    expect(() => new ReplyFrames().push(Buffer.from('$x\r\n'))).toThrow('Protocol error');
  });
});

describe('requests', () => {
  it('may hold any bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 99 }),
        (words, size) => {
          const args = words.map((word) => Buffer.from(word));
          const frames = new RequestFrames();
          const raw = split(encodeRequest(args), size).flatMap((chunk) => frames.push(chunk));
          expect(raw.map(decodeRequest)).toEqual([args]);
        },
      ),
    );
  });

  it('may be typed as a line', () => {
    const [request] = new RequestFrames().push(Buffer.from('set  a 1\r\n'));
    expect(decodeRequest(request ?? Buffer.alloc(0)).map(String)).toEqual(['set', 'a', '1']);
  });

  it('encode text by its bytes, not its characters', () => {
    expect(encodeRequest(['ä']).toString()).toBe('*1\r\n$2\r\nä\r\n');
  });

  it('that have a number where a word must stand are refused', () => {
    expect(() => decodeRequest(Buffer.from('*1\r\n:1\r\n'))).toThrow('Protocol error');
  });
});

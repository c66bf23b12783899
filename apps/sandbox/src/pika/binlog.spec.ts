import { encodeRequest } from '../resp';
import { Binlog, advance } from './binlog';

const FILE_SIZE = 104_857_600;
const START = { file: 0, offset: 0 };
const set = (key: string, value: string): Buffer => encodeRequest(['set', key, value]);

function filled(writes: number, limits = { fileSize: FILE_SIZE, keptEntries: 10_000 }): Binlog {
  const binlog = new Binlog(limits);
  for (let index = 0; index < writes; index += 1) binlog.append(set('a', 'base'), 0);
  return binlog;
}

describe('positions', () => {
  it('grow by what the real server writes', () => {
    expect(advance(START, set('a', 'base').length, FILE_SIZE)).toEqual({ file: 0, offset: 72 });
    expect(advance({ file: 0, offset: 756 }, set('a', '4').length, FILE_SIZE)).toEqual({
      file: 0,
      offset: 825,
    });
    expect(advance({ file: 0, offset: 72 }, set('{a}lost', 'aaaaaaaa').length, FILE_SIZE).offset).toBe(154);
  });

  it('have a header more for every block of 64 KB that a write reaches into', () => {
    expect(advance(START, 100_000, FILE_SIZE).offset).toBe(100_000 + 34 + 2 * 8);
    expect(advance({ file: 0, offset: 65_530 }, 10, FILE_SIZE).offset).toBe(65_536 + 8 + 34 + 10);
  });

  it('go on in the next file when one is full', () => {
    expect(advance({ file: 0, offset: 1_001 }, 30, 1_000)).toEqual({ file: 1, offset: 72 });
  });
});

describe('where a slave goes on', () => {
  it('is the write behind its position', () => {
    expect(filled(3).continuationOf(START)).toEqual({ kind: 'entry', index: 0 });
    expect(filled(3).continuationOf({ file: 0, offset: 72 })).toEqual({ kind: 'entry', index: 1 });
    expect(filled(3).continuationOf({ file: 0, offset: 216 })).toEqual({ kind: 'entry', index: 3 });
  });

  it('is nowhere when it knows more, or stands between two writes', () => {
    expect(filled(3).continuationOf({ file: 0, offset: 217 })).toEqual({ kind: 'ahead' });
    expect(filled(3).continuationOf({ file: 0, offset: 100 })).toEqual({ kind: 'between' });
  });

  it('is a hole when the node was filled by a full copy', () => {
    const binlog = filled(0);
    binlog.restartAt({ file: 0, offset: 144 });
    binlog.append(set('a', 'base'), 0);
    expect(binlog.continuationOf(START)).toEqual({ kind: 'hollow' });
    expect(binlog.continuationOf({ file: 0, offset: 144 })).toEqual({
      kind: 'entry',
      index: binlog.nextIndex - 1,
    });
  });

  it('is gone when the writes are not kept any more', () => {
    const binlog = filled(50, { fileSize: FILE_SIZE, keptEntries: 20 });
    binlog.purge();
    expect(binlog.continuationOf(START)).toEqual({ kind: 'purged' });
    expect(binlog.continuationOf({ file: 0, offset: 72 * 40 })).toEqual({ kind: 'entry', index: 40 });
    expect(binlog.continuationOf({ file: 0, offset: 72 * 30 })).toEqual({ kind: 'entry', index: 30 });
    expect(binlog.continuationOf({ file: 0, offset: 72 * 5 })).toEqual({ kind: 'purged' });
  });

  it('is kept for a slave that still reads it', () => {
    const binlog = filled(50, { fileSize: FILE_SIZE, keptEntries: 20 });
    binlog.purge(3);
    expect(binlog.entry(3)).toBeDefined();
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSecret } from './secrets';

describe('readSecret', () => {
  const dir = mkdtempSync(join(tmpdir(), 'secrets-'));
  const file = (name: string, content: string): string => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  afterAll(() => rmSync(dir, { recursive: true }));

  it('reads the environment', () => {
    expect(readSecret({ env: 'PIKA_AUTH' }, { PIKA_AUTH: ' s3cret ' })).toBe(' s3cret ');
  });

  it('reads a file, without the line break at its end', () => {
    expect(readSecret({ file: file('a', 's3cret\n') })).toBe('s3cret');
    expect(readSecret({ file: file('b', 's3\ncret') })).toBe('s3\ncret');
  });

  it('says which variable is not set, and what to do', () => {
    expect(() => readSecret({ env: 'PIKA_AUTH' }, {})).toThrow(
      expect.objectContaining({ code: 'secret-missing', message: expect.stringContaining('PIKA_AUTH') }),
    );
  });

  it('tells a missing file from one that cannot be read', () => {
    expect(() => readSecret({ file: join(dir, 'none') })).toThrow(
      expect.objectContaining({ code: 'secret-missing' }),
    );
    expect(() => readSecret({ file: dir })).toThrow(expect.objectContaining({ code: 'secret-unreadable' }));
  });

  it('refuses an empty secret', () => {
    expect(() => readSecret({ env: 'A' }, { A: '' })).toThrow(
      expect.objectContaining({ code: 'secret-empty' }),
    );
    expect(() => readSecret({ file: file('c', '\n') })).toThrow(
      expect.objectContaining({ code: 'secret-empty' }),
    );
  });
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminKey, AdminKeyUnusable } from './admin-key';

let directory: string;

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'slotferry-key-')), 'data');
});
afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }));

describe('AdminKey', () => {
  it('makes the directory and one file, and leaves nothing else behind', async () => {
    const key = AdminKey.in(directory);
    expect(await readdir(directory)).toEqual(['admin.key']);
    expect(key.matches((await readFile(key.path, 'utf8')).trim())).toBe(true);
  });

  it('takes the key that is there', async () => {
    const text = (await readFile(AdminKey.in(directory).path, 'utf8')).trim();
    const again = AdminKey.in(directory);
    expect(again.matches(text)).toBe(true);
    expect(again.matches(`${text}x`)).toBe(false);
    expect(again.matches('')).toBe(false);
  });

  it('refuses a key that could be guessed', async () => {
    const { path } = AdminKey.in(directory);
    await writeFile(path, '\n');
    expect(() => AdminKey.in(directory)).toThrow(AdminKeyUnusable);
  });

  it('says which file it cannot make', async () => {
    await writeFile(directory, 'in the way');
    expect(() => AdminKey.in(directory)).toThrow(
      expect.objectContaining({ code: 'admin-key-unusable', message: expect.stringContaining(directory) }),
    );
  });
});

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SlotferryError } from '@slotferry/platform';

const FILE = 'admin.key';
const SHORTEST = 24;

/** The file that holds the admin's key cannot be made or used. */
export class AdminKeyUnusable extends SlotferryError {
  constructor(path: string, why: string, cause?: unknown) {
    super(
      {
        code: 'admin-key-unusable',
        message: `the admin's key in ${path} cannot be used: ${why}`,
        remedy:
          'Let this process write to the directory SLOTFERRY_DATA_DIR, or remove the file so that a new key is made.',
      },
      { cause },
    );
  }
}

/** The key that may do everything, kept in a file of the data directory. Only its hash stays in memory. */
export class AdminKey {
  private readonly hash: Buffer;

  private constructor(
    readonly path: string,
    key: string,
  ) {
    this.hash = sha256(key);
  }

  /** The key made at the first start. Throws AdminKeyUnusable. */
  static in(dataDir: string): AdminKey {
    const path = join(dataDir, FILE);
    const key = readOrCreate(dataDir, path);
    if (key.length < SHORTEST) throw new AdminKeyUnusable(path, `it is shorter than ${SHORTEST} characters`);
    return new AdminKey(path, key);
  }

  /** Takes the same time whatever is presented. */
  matches(presented: string): boolean {
    return timingSafeEqual(this.hash, sha256(presented));
  }
}

function readOrCreate(dataDir: string, path: string): string {
  try {
    return read(path) ?? create(dataDir, path);
  } catch (error) {
    throw new AdminKeyUnusable(path, (error as Error).message, error);
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Complete or not there at all, and the first of several processes that start together wins: hence the link. */
function create(dataDir: string, path: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `sf_${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

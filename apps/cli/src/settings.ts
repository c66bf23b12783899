import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, usageError } from './cli-error';

export const DEFAULT_URL = 'http://127.0.0.1:7800';

/** Options that every command takes. */
export interface CommonOptions {
  readonly url?: string;
  readonly keyFile?: string;
  readonly json?: true;
}

/** Where the API is and the key it wants. */
export interface Settings {
  readonly url: string;
  readonly key: string;
}

/** Throws CliError when an address is none, or when there is no key anywhere. */
export function readSettings(options: CommonOptions, env: NodeJS.ProcessEnv = process.env): Settings {
  return { url: readUrl(options.url ?? (env.SLOTFERRY_URL || DEFAULT_URL)), key: readKey(options, env) };
}

function readUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw usageError(
      `"${text}" is not the address of an API`,
      'Write http://host:port after --url or in SLOTFERRY_URL.',
    );
  }
  return text.replace(/\/+$/, '');
}

function readKey({ keyFile }: CommonOptions, env: NodeJS.ProcessEnv): string {
  if (keyFile !== undefined) {
    const key = readIfThere(keyFile);
    if (key) return key;
    throw usageError(
      `there is no key in ${keyFile}`,
      'Name the file admin.key in the data directory of the API.',
    );
  }
  if (env.SLOTFERRY_API_KEY) return env.SLOTFERRY_API_KEY;
  const places = [env.SLOTFERRY_DATA_DIR, './data'].flatMap((dir) => (dir ? [join(dir, 'admin.key')] : []));
  const key = places.map(readIfThere).find((text) => text);
  if (key) return key;
  throw new CliError(
    'no-key',
    `no key for the API: SLOTFERRY_API_KEY is not set, and there is no ${places.join(' and no ')}`,
    'Name the file admin.key in the data directory of the API with --key-file; the API makes it at its first start.',
  );
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw usageError(`${path} cannot be read: ${code}`, 'Let this user read the file, or name another one.');
  }
}

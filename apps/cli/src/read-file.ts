import { readFileSync } from 'node:fs';
import { usageError } from './cli-error';

/** The text of a file that an option names. Throws CliError with the remedy when it cannot be read. */
export function readFile(path: string, remedy: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw usageError(`${path}: ${why}`, remedy);
  }
}

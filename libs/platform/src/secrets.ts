import { readFileSync } from 'node:fs';

import { SlotferryError } from './errors';

/** Where a secret is kept; the secret itself never enters a configuration, an event or a log. */
export type SecretRef = { readonly env: string } | { readonly file: string };

export type SecretErrorCode = 'secret-missing' | 'secret-unreadable' | 'secret-empty';

/** A secret could not be read. */
export class SecretError extends SlotferryError {
  constructor(code: SecretErrorCode, message: string, remedy: string, cause?: unknown) {
    super({ code, message, remedy }, { cause });
  }
}

/** The secret a reference points to; one line break at the end of a file is not part of it. Throws SecretError. */
export function readSecret(ref: SecretRef, env: NodeJS.ProcessEnv = process.env): string {
  const secret = 'env' in ref ? fromEnvironment(ref.env, env) : fromFile(ref.file);
  if (secret !== '') return secret;
  throw new SecretError(
    'secret-empty',
    `The secret in ${describe(ref)} is empty.`,
    `Put the secret into ${describe(ref)}.`,
  );
}

function fromEnvironment(name: string, env: NodeJS.ProcessEnv): string {
  const value = env[name];
  if (value !== undefined) return value;
  throw new SecretError(
    'secret-missing',
    `The environment variable ${name}, which should hold a secret, is not set.`,
    `Set ${name} for this process and start it again.`,
  );
}

function fromFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SecretError(
      missing ? 'secret-missing' : 'secret-unreadable',
      `The file ${path}, which should hold a secret, ${missing ? 'does not exist' : 'cannot be read'}.`,
      missing ? `Create ${path} with the secret in it.` : `Let the user of this process read ${path}.`,
      error,
    );
  }
}

function describe(ref: SecretRef): string {
  return 'env' in ref ? `the environment variable ${ref.env}` : `the file ${ref.file}`;
}

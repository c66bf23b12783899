import { type SecretSource } from '../cluster-definition';
import { type Field } from './field';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const WHERE = 'Name an environment variable, { env: NAME }, or a file, { file: /path }';

/** Reads where a secret is kept. A secret written down in the file is refused, and no part of it is repeated. */
export function readSecretSource(field: Field): SecretSource | undefined {
  if (field.isAbsent) return undefined;
  if (field.value === null) {
    field.report('VALUE_MISSING', 'There is no value here', `${WHERE}; or remove the key.`);
    return undefined;
  }
  if (!field.isSection) {
    field.report('SECRET_IN_FILE', 'A secret does not belong in this file', `${WHERE}, that holds it.`);
    return undefined;
  }
  const [key, ...others] = field.keys();
  if (key === 'env' && others.length === 0) return readVariable(field.child(key));
  if (key === 'file' && others.length === 0) return readFile(field.child(key));
  field.report(
    'SECRET_SOURCE_UNCLEAR',
    'This does not say where the one secret is',
    `${WHERE}; one of them.`,
  );
  return undefined;
}

function readVariable(field: Field): SecretSource | undefined {
  const env = field.text();
  if (env === undefined || VARIABLE.test(env)) return env === undefined ? undefined : { env };
  field.report(
    'ENV_NAME_INVALID',
    'This is not the name of an environment variable',
    'Use letters, digits and underscores; write the name of the variable, not what it holds.',
  );
  return undefined;
}

function readFile(field: Field): SecretSource | undefined {
  const file = field.text();
  if (file === undefined || file.startsWith('/')) return file === undefined ? undefined : { file };
  field.report(
    'PATH_RELATIVE',
    'The path does not begin at the root',
    'Write the whole path, /run/secrets/auth.',
  );
  return undefined;
}

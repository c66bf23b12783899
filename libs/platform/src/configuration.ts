import { type Configuration, FOREIGN_VARIABLES, VARIABLES, type Variable } from './configuration-variables';
import { SlotferryError } from './errors';

/** One variable that is wrong, and what to do about it. */
export interface ConfigurationProblem {
  readonly variable: string;
  readonly wrong: string;
  readonly remedy: string;
}

/** The environment holds something Slotferry cannot work with. Names every problem at once. */
export class ConfigurationError extends SlotferryError {
  constructor(readonly problems: readonly ConfigurationProblem[]) {
    const lines = problems.map(({ variable, wrong, remedy }) => `  ${variable}: ${wrong}; ${remedy}.`);
    super({
      code: 'configuration-invalid',
      message: `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${lines.join('\n')}`,
      remedy:
        'Correct the variables named above and start again. docs/reference/configuration.md explains them all.',
    });
  }
}

/** The configuration in an environment. A variable that is set to nothing counts as not set. Throws ConfigurationError. */
export function loadConfiguration(env: NodeJS.ProcessEnv = process.env): Configuration {
  const problems: ConfigurationProblem[] = [];
  const values = Object.entries(VARIABLES).map(([key, variable]: [string, Variable<unknown>]) => {
    const reading = variable.read(env[variable.name]?.trim() || variable.default);
    if ('value' in reading) return [key, reading.value];
    problems.push({ variable: variable.name, ...reading });
    return [key, undefined];
  });
  problems.push(...unknownVariables(env));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.fromEntries(values) as Configuration;
}

/** What can be configured, for the reference. */
export function describeConfiguration(): { name: string; default: string; meaning: string }[] {
  return Object.values(VARIABLES).map(({ name, default: value, shownDefault, meaning }) => ({
    name,
    default: shownDefault ?? value,
    meaning,
  }));
}

function unknownVariables(env: NodeJS.ProcessEnv): ConfigurationProblem[] {
  const known = new Set<string>(Object.values(VARIABLES).map(({ name }) => name));
  return Object.keys(env)
    .filter((name) => name.startsWith('SLOTFERRY_') && !known.has(name) && !FOREIGN_VARIABLES.test(name))
    .map((variable) => ({
      variable,
      wrong: 'there is no such variable',
      remedy: 'correct its name or remove it',
    }));
}

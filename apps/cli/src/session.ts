import { type Command } from 'commander';
import { ApiClient } from './http/api-client';
import { type CommonOptions, readSettings, type Settings } from './settings';

/** What a command works with. */
export interface Session {
  readonly client: ApiClient;
  readonly settings: Settings;
  readonly json: boolean;
  /** Prints an answer: as one JSON document, or as `text` says. */
  print<T>(answer: T, text: (answer: T) => string): void;
}

/** Reads what all commands have in common. Throws CliError. */
export function openSession(command: Command): Session {
  const options = command.optsWithGlobals<CommonOptions>();
  const settings = readSettings(options);
  const json = options.json === true;
  return {
    client: new ApiClient(settings),
    settings,
    json,
    print: (answer, text) => console.log(json ? JSON.stringify(answer, null, 2) : text(answer)),
  };
}

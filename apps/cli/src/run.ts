import { CommanderError } from 'commander';
import { type ExitCode as Code, ExitCode } from './exit-code';
import { reportError } from './print/report-error';
import { buildProgram } from './program';

/** Runs one command line and says how it ended. Throws nothing. */
export async function run(args: readonly string[]): Promise<Code> {
  let code: Code = ExitCode.done;
  const program = buildProgram((ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return codeOf(error);
    return reportError(error, args.includes('--json'));
  }
}

/** Commander has printed what is wrong; asked for, help is no failure. */
function codeOf({ code }: CommanderError): Code {
  return code === 'commander.helpDisplayed' || code === 'commander.version' ? ExitCode.done : ExitCode.usage;
}

import { type Command, Option } from 'commander';
import { parseDuration } from '../duration';
import { ExitCode } from '../exit-code';
import { type Workflows } from '../http/answers';
import { announce } from '../print/announce';
import { type Session } from '../session';
import { waitAndReport } from '../wait/wait-and-report';

export interface WaitOptions {
  readonly wait?: true;
  readonly timeout: number;
}

const A_DAY_MS = 24 * 3_600_000;

/** Adds --timeout. */
export function addTimeout(command: Command): Command {
  return command.addOption(
    new Option('--timeout <duration>', 'give up waiting after 90s, 10m or 2h; the work goes on')
      .argParser(parseDuration)
      .default(A_DAY_MS, '24h'),
  );
}

/** Adds --wait and --timeout. */
export function addWaiting(command: Command): Command {
  return addTimeout(command.option('--wait', 'show progress until it is done or needs an operator'));
}

/** Says what was started, and waits for it when asked to. */
export async function afterStart(
  session: Session,
  started: Workflows,
  { wait, timeout }: WaitOptions,
): Promise<ExitCode> {
  if (wait) return waitAndReport(session, started.workflows, timeout);
  session.print(started, ({ workflows }) => workflows.map(announce).join('\n'));
  return ExitCode.done;
}

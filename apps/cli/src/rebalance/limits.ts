import { type Command, InvalidArgumentError } from 'commander';
import { firstProblem, givenLimits, type RebalanceLimits, windowProblem } from '@slotferry/migration';
import { wholeNumber } from '../whole-number';

/** In place of a window: without any. */
const always = 'always';

/** In place of slots that go first: without any. */
const none = 'none';

/** Options that set limits. */
export type LimitOptions = Omit<Partial<RebalanceLimits>, 'windows'> & {
  readonly window?: readonly string[];
};

/** Adds an option for every limit of a rebalance. */
export function addLimits(command: Command): Command {
  return command
    .option('--in-flight <count>', 'moves on the way at a time, in all', wholeNumber(1))
    .option('--per-source <count>', 'of these, so many from one group', wholeNumber(1))
    .option('--per-target <count>', 'of these, so many to one group', wholeNumber(1))
    .option(
      '--copies-per-source <count>',
      'slots of one group that may be copied in full at a time',
      wholeNumber(1),
    )
    .option(
      '--copies-per-target <count>',
      'slots that may be copied in full to one group at a time',
      wholeNumber(1),
    )
    .option('--max-failed <count>', 'moves that may be stuck before nothing new is started', wholeNumber(0))
    .option(
      '--window <from-to>',
      'only at this time of day, UTC: 01:00-06:00; can be repeated; or always',
      addWindow,
    )
    .option(
      '--first <slots>',
      'start the moves of these slots before all others: 10-20,30; of table 1: 1/10-20,30; or none',
      readFirst,
    );
}

/** The limits among the options; those that are not given are left out. */
export function limitsOf({ window, ...others }: LimitOptions): Partial<RebalanceLimits> {
  return givenLimits({ ...others, windows: window?.filter((one) => one !== always) });
}

function readFirst(text: string): string {
  const slots = text === none ? '' : text.trim();
  const problem = text !== none && slots === '' ? 'Name slots, or write none.' : firstProblem(slots);
  if (problem) throw new InvalidArgumentError(problem);
  return slots;
}

function addWindow(text: string, before: readonly string[] = []): string[] {
  const problem = text === always ? null : windowProblem(text);
  if (problem) throw new InvalidArgumentError(`${problem}.`);
  const windows = [...before, text];
  if (windows.length > 1 && windows.includes(always)) throw new InvalidArgumentError('Write always alone.');
  return windows;
}

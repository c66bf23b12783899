import { type Command, InvalidArgumentError } from 'commander';
import { type RebalanceLimits, windowProblem } from '@slotferry/migration';
import { wholeNumber } from '../whole-number';

/** In place of a window: without any. */
const always = 'always';

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
    .option('--max-failed <count>', 'moves that may be stuck before nothing new is started', wholeNumber(0))
    .option(
      '--window <from-to>',
      'only at this time of day, UTC: 01:00-06:00; can be repeated; or always',
      addWindow,
    );
}

/** The limits among the options; those that are not given are left out. */
export function limitsOf({ window, ...numbers }: LimitOptions): Partial<RebalanceLimits> {
  const { inFlight, perSource, perTarget, maxFailed } = numbers;
  const windows = window?.filter((one) => one !== always);
  const all = { inFlight, perSource, perTarget, maxFailed, windows };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function addWindow(text: string, before: readonly string[] = []): string[] {
  const problem = text === always ? null : windowProblem(text);
  if (problem) throw new InvalidArgumentError(`${problem}.`);
  const windows = [...before, text];
  if (windows.length > 1 && windows.includes(always)) throw new InvalidArgumentError('Write always alone.');
  return windows;
}

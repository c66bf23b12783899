import { type Command } from 'commander';
import { type RebalanceLimits } from '@slotferry/migration';
import { wholeNumber } from '../whole-number';

/** Options that set limits. */
export type LimitOptions = Partial<RebalanceLimits>;

/** Adds an option for every limit of a rebalance. */
export function addLimits(command: Command): Command {
  return command
    .option('--in-flight <count>', 'moves on the way at a time, in all', wholeNumber(1))
    .option('--per-source <count>', 'of these, so many from one group', wholeNumber(1))
    .option('--per-target <count>', 'of these, so many to one group', wholeNumber(1))
    .option('--max-failed <count>', 'moves that may be stuck before nothing new is started', wholeNumber(0));
}

/** The limits among the options; those that are not given are left out. */
export function limitsOf({ inFlight, perSource, perTarget, maxFailed }: LimitOptions): LimitOptions {
  const all = { inFlight, perSource, perTarget, maxFailed };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

import { blocked, type Outcome } from '@slotferry/workflow';
import type { Ledger } from './ledger';

/** Holds were taken back too often in a row: an operator decides whether clients are to be held again. */
export function givenUp(ledger: Ledger): Outcome {
  const problem = {
    code: 'hold-budget-exceeded',
    message: `the hold was taken back ${ledger.takenBack} times; last: ${ledger.takenBackBecause}`,
    remedy:
      'See why the target does not catch up while clients wait (load, disk, network); raise migration.holdBudget if they may wait longer. Go on: slotferry workflow approve <id> --code hold-budget-exceeded',
  };
  return blocked(problem, 'operator');
}

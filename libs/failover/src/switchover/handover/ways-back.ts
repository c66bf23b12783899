import { CodisError } from '@slotferry/codis';
import { PikaError } from '@slotferry/pika';
import { TimeLimitError } from '@slotferry/platform';
import { blocked, type Outcome, wait } from '@slotferry/workflow';
import { PathProblem, waitFor } from '../path-problem';
import type { Stage, SwitchoverContext } from '../stage';
import { pauseAfterTakeBack, takeBackLimit, timing } from '../timing';
import type { GroupHold } from './group-hold';
import { wakeRouterIfItAnswers } from './quiet-router';

/** What an error before the promotion means for the switchover, or null when it is none of the cluster. */
export function reasonOf(error: unknown): { readonly code: string; readonly message: string } | null {
  if (error instanceof TimeLimitError) return { code: 'hold-budget-exceeded', message: error.message };
  if (error instanceof PikaError) return { code: 'node-unreachable', message: error.message };
  if (error instanceof PathProblem) return { code: error.code, message: error.message };
  if (error instanceof CodisError) return { code: 'proxy-unhealthy', message: error.message };
  return null;
}

/** Lets clients go on at the present master, and tries again later. What was detached is attached again then. */
export async function letGo(
  context: SwitchoverContext,
  stage: Stage,
  hold: GroupHold,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<Outcome> {
  const { ledger } = hold;
  try {
    if (ledger.held) await hold.end(message);
  } catch (error) {
    return waitFor(error, timing.lateRetry);
  }
  hold.wayBackIsSafe();
  await hold.released();
  await wakeRouterIfItAnswers(context, stage, ledger);
  ledger.recordTakeBack(message);
  const turningBack = context.direction === 'undo' || context.cancelRequested;
  const pollAfterMs = turningBack ? 0 : pauseAfterTakeBack(ledger.takenBack);
  return wait(code, `clients go on at ${stage.from.address}: ${message}`, pollAfterMs);
}

/** Holds were taken back too often in a row: an operator decides whether clients are to be held again. Null before that. */
export function givenUp(context: SwitchoverContext, { ledger }: GroupHold): Outcome | null {
  if (ledger.takenBack < takeBackLimit || context.approved('hold-budget-exceeded')) return null;
  return blocked(
    {
      code: 'hold-budget-exceeded',
      message: `the handover was taken back ${ledger.takenBack} times; last: ${ledger.takenBackBecause}`,
      remedy:
        'See why the new master does not catch up while clients wait (load, disk, network); raise migration.holdBudget if they may wait longer. Go on: slotferry workflow approve <id> --code hold-budget-exceeded',
    },
    'operator',
  );
}

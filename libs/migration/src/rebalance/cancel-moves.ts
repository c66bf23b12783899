import { formatSlots } from '@slotferry/cluster';
import { type Outcome, wait } from '@slotferry/workflow';
import { childId, readBoard } from './move-board';
import { alreadyThere, movesOf, type RebalanceContext } from './rebalance-phase';

/** Between two looks at moves that are on their way back, in milliseconds; the end of one wakes earlier. */
const pollMs = 500;

/**
 * Cancels what is on its way: moves before their point of no return are undone, the others finish. Null when all have ended.
 */
export async function cancelMoves(context: RebalanceContext): Promise<Outcome | null> {
  const { children } = context.state;
  const moves = movesOf(context);
  // Also what was started in the moment of the cancel and is not in this workflow's log.
  const ids = moves
    .map((move) => childId(context.workflowId, move))
    .filter((child) => children[child] === undefined || children[child] === 'open');
  const board = readBoard(context.state, moves, alreadyThere(context), await context.childSummaries(ids));
  const open = board.filter(({ stage }) => stage === 'moving' || stage === 'stuck');
  const reason = `${context.workflowId} was cancelled`;
  await Promise.all(
    open
      .filter(({ summary }) => !summary?.cancelRequested)
      .map(({ child }) => context.steerChild(child, { kind: 'cancel', reason })),
  );
  if (open.length === 0) return null;
  const slots = formatSlots(open.map(({ move }) => move.slot));
  return wait('cancelling-moves', `the moves of slots ${slots} are being undone or finished`, pollMs);
}

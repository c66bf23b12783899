import { formatSlots, keyOf, type SlotMove } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome, wait } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { type RebalanceLimits, withChanges } from '../limits';
import { type BoardEntry, childId, countStages, readBoard } from '../move-board';
import { adjustPace, fullPace, type Pace } from '../pace';
import { progressOf } from '../progress';
import { alreadyThere, movesOf, type RebalanceContext, RebalancePhase } from '../rebalance-phase';
import { restMoves, wakeMoves } from '../rest-moves';
import { signalsOf } from '../signals';
import { type Started, startMoves } from '../start-moves';
import { isOpen, opensAt } from '../windows';
import { outsideWindows } from '../window-outcome';

/** Between two looks at the moves; the end of one wakes earlier. In milliseconds. */
const pollMs = 500;

/** Starts moves within the limits, each a workflow of its own, until all have ended. */
export class RebalanceMove extends RebalancePhase {
  readonly name = 'move';

  protected async work(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    const { children } = context.state;
    const board = await this.board(context, (child) => children[child] === 'open');
    const limits = withChanges(context.input.limits, context.state.settings);
    const stuck = board.filter(({ stage }) => stage === 'stuck');
    const pace = await this.pace(context, cluster, board);
    const windows = limits.windows ?? [];
    const open = isOpen(windows, context.now());
    await (open ? wakeMoves(context) : restMoves(context, board));
    const after = await startWhatMay(context, board, limits, pace.share, {
      open,
      tooManyStuck: stuck.length > limits.maxFailed,
    });
    const opens = open ? null : opensAt(windows, context.now());
    await recordEnded(context, board);
    recordProgress(context, after, opens, pace);
    return outcomeOf(after, stuck, limits, opens);
  }

  /** Cancels what is on its way: moves before their point of no return are undone, the others finish. */
  protected async takeBack(context: RebalanceContext): Promise<Outcome> {
    const { children } = context.state;
    // Also what was started in the moment of the cancel and is not in this workflow's log.
    const board = await this.board(
      context,
      (child) => children[child] === undefined || children[child] === 'open',
    );
    const open = board.filter(({ stage }) => stage === 'moving' || stage === 'stuck');
    for (const { child, summary } of open) {
      if (!summary?.cancelRequested) {
        await context.steerChild(child, { kind: 'cancel', reason: `${context.workflowId} was cancelled` });
      }
    }
    if (open.length === 0) return done();
    const slots = formatSlots(open.map(({ move }) => move.slot));
    return wait('cancelling-moves', `the moves of slots ${slots} are being undone or finished`, pollMs);
  }

  private async board(context: RebalanceContext, asks: (child: string) => boolean): Promise<BoardEntry[]> {
    const moves = movesOf(context);
    const ids = moves.map((move) => childId(context.workflowId, move)).filter(asks);
    return readBoard(context.state, moves, alreadyThere(context), await context.childSummaries(ids));
  }

  private async pace(
    context: RebalanceContext,
    cluster: OpenCluster,
    board: readonly BoardEntry[],
  ): Promise<Pace> {
    const before = (context.facts.pace as Pace | undefined) ?? fullPace;
    const pace = adjustPace(before, await signalsOf(cluster, board), context.now());
    if (pace !== before) context.record({ pace });
    return pace;
  }
}

async function startWhatMay(
  context: RebalanceContext,
  board: readonly BoardEntry[],
  limits: RebalanceLimits,
  pace: number,
  { open, tooManyStuck }: { readonly open: boolean; readonly tooManyStuck: boolean },
): Promise<Started> {
  if (!open) return { board, boundBy: 'outside-windows', held: [] };
  if (tooManyStuck) return { board, boundBy: 'too-many-stuck', held: [] };
  // The looks at the cluster took time, in which an operator may have asked for nothing new.
  await context.refresh();
  if (context.state.paused || context.cancelRequested) return { board, boundBy: 'stopped', held: [] };
  return startMoves(context, board, limits, pace);
}

/** Keeps for each ended move how long clients were held. */
async function recordEnded(context: RebalanceContext, board: readonly BoardEntry[]): Promise<void> {
  const { facts } = context;
  for (const { move, child, stage } of board) {
    if (stage !== 'moved' || facts[heldFact(move)] !== undefined) continue;
    if (context.state.children[child] === undefined) continue;
    const { heldMs } = await context.childFacts(child);
    context.record({ [heldFact(move)]: typeof heldMs === 'number' ? heldMs : 0 });
  }
}

function recordProgress(
  context: RebalanceContext,
  { board, boundBy }: Started,
  opens: number | null,
  pace: Pace,
): void {
  const held = Object.entries(context.facts).flatMap(([name, value]) =>
    name.startsWith('held ') && typeof value === 'number' ? [value] : [],
  );
  const startedAt = context.now() - context.elapsedMs();
  const progress = progressOf(board, { by: boundBy, opensAt: opens }, pace, held, startedAt, context.now());
  const before = context.facts.progress as typeof progress | undefined;
  const same =
    before &&
    (['moved', 'moving', 'waiting', 'stuck', 'skipped', 'pace', 'boundBy', 'opensAt'] as const).every(
      (key) => before[key] === progress[key],
    );
  if (!same) context.record({ progress: progress });
}

function outcomeOf(
  { board, boundBy, held }: Started,
  stuck: readonly BoardEntry[],
  limits: RebalanceLimits,
  opens: number | null,
): Outcome {
  const { moved, skipped, moving, waiting } = countStages(board);
  if (moved + skipped === board.length) return done({ moved, skipped });
  if (stuck.length > limits.maxFailed) {
    return block(
      'too-many-failed',
      `${stuck.length} moves are stuck, more than ${limits.maxFailed}; nothing new is started. ${firstReason(stuck)}`,
      'Set right what stops them, or cancel single ones (slotferry workflow cancel <id>), or raise maxFailed.',
    );
  }
  if (stuck.length > 0 && moving === 0 && waiting === 0) {
    return block(
      'moves-stuck',
      `all other moves have ended; stuck are slots ${formatSlots(stuck.map(({ move }) => move.slot))}. ${firstReason(stuck)}`,
      'Set right what stops them and retry them, or cancel them to leave them out.',
    );
  }
  if (boundBy === 'outside-windows') return outsideWindows(opens);
  const [first] = held;
  const message = `${moved} of ${board.length} slots moved, ${moving} on their way${first ? `; ${first.message}` : ''}`;
  return wait('moving', message, pollMs);
}

function firstReason(stuck: readonly BoardEntry[]): string {
  const [first] = stuck;
  const problem = first?.summary?.problem;
  return first && problem ? `Slot ${first.move.slot} (${first.child}): ${problem.message}` : '';
}

function heldFact(move: SlotMove): string {
  return `held ${keyOf(move)}`;
}

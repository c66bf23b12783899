import { formatSlots, keyOf, type SlotMove } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { done, type JsonObject, type Outcome, wait } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { type RebalanceLimits, withChanges } from '../limits';
import { cancelMoves } from '../cancel-moves';
import { nextToGoOn } from '../let-go-on';
import { type BoardEntry, childId, countStages, readBoard } from '../move-board';
import { adjustPace, fullPace, type Pace } from '../pace';
import { progressOf } from '../progress';
import { alreadyThere, movesOf, type RebalanceContext, RebalancePhase } from '../rebalance-phase';
import { restMoves, wakeMoves } from '../rest-moves';
import { signalsOf } from '../signals';
import { prepareMoves, type Started, startMoves } from '../start-moves';
import { isOpen, opensAt } from '../windows';
import { outsideWindows } from '../window-outcome';

/** Between two looks at the moves; the end of one wakes earlier. In milliseconds. */
const pollMs = 500;

/** The same while slots are being attached for the next moves. */
const readyPollMs = 40;
/** Between two looks for each move that is on its way, and at most, in milliseconds. */
const [restPerMoveMs, mostRestMs] = [0.5, 100];
/** What the cluster shows of how it feels is looked at no more often, in milliseconds. */
const signalsEveryMs = 450;

/** Starts moves within the limits, each a workflow of its own, until all have ended. */
export class RebalanceMove extends RebalancePhase {
  readonly name = 'move';

  /** When the moves and the cluster were last looked at for each rebalance, on the monotonic clock. */
  private readonly looks = new Map<string, { moves: number; cluster: number }>();

  protected async work(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    const rest = this.restOf(context);
    if (rest > 0) return wait('moving', 'slots are on their way', rest);
    this.looksOf(context).moves = performance.now();
    const { children } = context.state;
    const board = await this.board(context, (child) => children[child] === 'open');
    const limits = withChanges(context.input.limits, context.state.settings);
    const stuck = board.filter(({ stage }) => stage === 'stuck');
    const pace = await this.pace(context, cluster, board);
    const windows = limits.windows ?? [];
    const open = isOpen(windows, context.now());
    await (open ? wakeMoves(context) : restMoves(context, board));
    const onTheirWay = board.flatMap(({ summary }) => (summary?.endedAt === null ? [summary] : []));
    const next = nextToGoOn(onTheirWay);
    if (next.length > 0) await context.wakeChildren(next);
    const after = await startWhatMay(context, cluster, board, limits, pace.share, {
      open,
      tooManyStuck: stuck.length > limits.maxFailed,
    });
    const opens = open ? null : opensAt(windows, context.now());
    await recordEnded(context, board);
    recordProgress(context, after, opens, pace);
    const outcome = outcomeOf(after, stuck, limits, opens);
    if (outcome.kind === 'done') this.looks.delete(context.workflowId);
    return outcome;
  }

  /** Cancels what is on its way: moves before their point of no return are undone, the others finish. */
  protected async takeBack(context: RebalanceContext): Promise<Outcome> {
    return (await cancelMoves(context)) ?? done();
  }

  private looksOf({ workflowId }: RebalanceContext): { moves: number; cluster: number } {
    const known = this.looks.get(workflowId) ?? { moves: -Infinity, cluster: -Infinity };
    this.looks.set(workflowId, known);
    return known;
  }

  /**
   * The end of each move wakes; a look costs the more the more of them are on their way, and then one more or less in a moment changes
   * nothing. How long to rest before the next look, in milliseconds.
   */
  private restOf(context: RebalanceContext): number {
    const open = Object.values(context.state.children).filter((status) => status === 'open').length;
    return Math.min(open * restPerMoveMs, mostRestMs) - (performance.now() - this.looksOf(context).moves);
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
    const looks = this.looksOf(context);
    if (performance.now() - looks.cluster < signalsEveryMs) return before;
    looks.cluster = performance.now();
    const pace = adjustPace(before, await signalsOf(cluster, board), context.now());
    if (pace !== before) context.record({ pace });
    return pace;
  }
}

async function startWhatMay(
  context: RebalanceContext,
  cluster: OpenCluster,
  board: readonly BoardEntry[],
  limits: RebalanceLimits,
  pace: number,
  { open, tooManyStuck }: { readonly open: boolean; readonly tooManyStuck: boolean },
): Promise<Started> {
  const nothing = { board, held: [], gettingReady: 0 };
  if (!open) return { ...nothing, boundBy: 'outside-windows' };
  if (tooManyStuck) return { ...nothing, boundBy: 'too-many-stuck' };
  // The looks at the cluster took time, in which an operator may have asked for nothing new.
  await context.refresh();
  if (context.state.paused || context.cancelRequested) return { ...nothing, boundBy: 'stopped' };
  const prepared = await prepareMoves(context, cluster, board, limits, pace);
  return startMoves(context, prepared, limits, { pace, creating: false });
}

/** Keeps for each ended move how long clients were held. */
async function recordEnded(context: RebalanceContext, board: readonly BoardEntry[]): Promise<void> {
  const { facts } = context;
  const ended = board.filter(
    ({ move, child, stage }) =>
      stage === 'moved' && facts[heldFact(move)] === undefined && context.state.children[child] !== undefined,
  );
  if (ended.length === 0) return;
  const factsOf = await context.childrenFacts(ended.map(({ child }) => child));
  const held = ended.map(({ move, child }) => {
    const heldMs = factsOf.get(child)?.heldMs;
    return [heldFact(move), typeof heldMs === 'number' ? heldMs : 0];
  });
  context.record(Object.fromEntries(held) as JsonObject);
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
  { board, boundBy, held, gettingReady }: Started,
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
  return wait('moving', message, gettingReady > 0 ? readyPollMs : pollMs);
}

function firstReason(stuck: readonly BoardEntry[]): string {
  const [first] = stuck;
  const problem = first?.summary?.problem;
  return first && problem ? `Slot ${first.move.slot} (${first.child}): ${problem.message}` : '';
}

function heldFact(move: SlotMove): string {
  return `held ${keyOf(move)}`;
}

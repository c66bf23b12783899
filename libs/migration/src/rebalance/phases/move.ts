import { formatSlots, keyOf, type SlotMove } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome, ResourceHeld, wait } from '@slotferry/workflow';
import { moveSlotDefinition } from '../../definitions';
import { block } from '../../outcomes';
import { chooseMoves, type Choice } from '../choose-moves';
import { type RebalanceLimits, withChanges } from '../limits';
import { type BoardEntry, countStages, readBoard } from '../move-board';
import { adjustPace, fullPace, type Pace, type Signals } from '../pace';
import { progressOf } from '../progress';
import { alreadyThere, movesOf, type RebalanceContext, RebalancePhase } from '../rebalance-phase';

/** Between two looks at the moves; the end of one wakes earlier. In milliseconds. */
const pollMs = 500;

/** Starts moves within the limits, each a workflow of its own, until all have ended. */
export class RebalanceMove extends RebalancePhase {
  readonly name = 'move';

  protected async work(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    const board = await this.board(context);
    const limits = withChanges(context.input.limits, context.state.settings);
    const stuck = board.filter(({ stage }) => stage === 'stuck');
    const pace = await this.pace(context, cluster, board);
    const choice: Choice =
      stuck.length > limits.maxFailed
        ? { start: [], boundBy: 'nothing-left' }
        : chooseMoves(board, limits, pace.share);
    const held = await start(context, choice.start);
    await recordEnded(context, board);
    recordProgress(context, board, choice, pace);
    return outcomeOf(board, stuck, limits, held);
  }

  /** Cancels what is on its way: moves before their point of no return are undone, the others finish. */
  protected async takeBack(context: RebalanceContext): Promise<Outcome> {
    const open = (await this.board(context)).filter(({ stage }) => stage === 'moving' || stage === 'stuck');
    for (const { child, summary } of open) {
      if (!summary?.cancelRequested) {
        await context.steerChild(child, { kind: 'cancel', reason: `${context.workflowId} was cancelled` });
      }
    }
    if (open.length === 0) return done();
    const slots = formatSlots(open.map(({ move }) => move.slot));
    return wait('cancelling-moves', `the moves of slots ${slots} are being undone or finished`, pollMs);
  }

  private async board(context: RebalanceContext): Promise<BoardEntry[]> {
    const { children } = context.state;
    const open = Object.keys(children).filter((child) => children[child] === 'open');
    const summaries = await context.childSummaries(open);
    return readBoard(context.state, movesOf(context), alreadyThere(context), summaries);
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

/** How the router and the masters feel, and whether holds went wrong. */
async function signalsOf(cluster: OpenCluster, board: readonly BoardEntry[]): Promise<Signals> {
  const startedAt = performance.now();
  const view = await cluster.router.view();
  const groups = new Set(
    board.flatMap(({ move, stage }) => (stage === 'moving' ? [move.from, move.to] : [])),
  );
  const masters = view.groups
    .filter(({ id }) => groups.has(id))
    .flatMap(({ servers }) => servers.slice(0, 1));
  // A master that does not answer is the business of the moves that need it.
  await Promise.all(
    masters.map((address) =>
      cluster
        .node(address)
        .ping()
        .catch(() => undefined),
    ),
  );
  return {
    slowestAnswerMs: performance.now() - startedAt,
    holdsTakenBack: board.filter(({ summary }) => summary?.waiting?.code === 'hold-budget-exceeded').length,
  };
}

/** Starts moves. Returns those whose slot another workflow holds: they are tried again at the next look. */
async function start(context: RebalanceContext, entries: readonly BoardEntry[]): Promise<ResourceHeld[]> {
  const held: ResourceHeld[] = [];
  for (const { child, move } of entries) {
    const input = { cluster: context.input.cluster, ...move };
    await context.startChild(moveSlotDefinition.name, child, input).catch((error: unknown) => {
      if (!(error instanceof ResourceHeld)) throw error;
      held.push(error);
    });
  }
  return held;
}

/** Keeps for each ended move how long clients were held. */
async function recordEnded(context: RebalanceContext, board: readonly BoardEntry[]): Promise<void> {
  for (const { move, child, stage } of board) {
    if (stage !== 'moved' || context.facts[heldFact(move)] !== undefined) continue;
    if (context.state.children[child] === undefined) continue;
    const { heldMs } = await context.childFacts(child);
    context.record({ [heldFact(move)]: typeof heldMs === 'number' ? heldMs : 0 });
  }
}

function recordProgress(
  context: RebalanceContext,
  board: readonly BoardEntry[],
  choice: Choice,
  pace: Pace,
): void {
  const held = Object.entries(context.facts).flatMap(([name, value]) =>
    name.startsWith('held ') && typeof value === 'number' ? [value] : [],
  );
  const startedAt = context.now() - context.elapsedMs();
  const progress = progressOf(
    afterStart(board, choice),
    choice.boundBy,
    pace,
    held,
    startedAt,
    context.now(),
  );
  const before = context.facts.progress as typeof progress | undefined;
  const same =
    before &&
    (['moved', 'moving', 'waiting', 'stuck', 'skipped', 'pace', 'boundBy'] as const).every(
      (key) => before[key] === progress[key],
    );
  if (!same) context.record({ progress: progress });
}

function afterStart(board: readonly BoardEntry[], { start }: Choice): BoardEntry[] {
  const started = new Set(start.map(({ child }) => child));
  return board.map((entry) => (started.has(entry.child) ? { ...entry, stage: 'moving' } : entry));
}

function outcomeOf(
  board: readonly BoardEntry[],
  stuck: readonly BoardEntry[],
  limits: RebalanceLimits,
  held: readonly ResourceHeld[],
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

import { keyOf, type RouterView, type SlotMove } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { allEnded } from '@slotferry/platform';
import { done, type Outcome, wait } from '@slotferry/workflow';
import { setTimeout as pause } from 'node:timers/promises';
import { block } from '../../outcomes';
import { allCreatedFact } from '../../move-slot/creation-watch';
import { cancelMoves } from '../cancel-moves';
import { chunkAfter, findMissing, keysOf, type Missing, nextCreations } from '../create-missing';
import { describeDrift, findDrift, queuedByOthers } from '../drift';
import { type RebalanceLimits, slotsFirst, withChanges } from '../limits';
import { getReady } from '../get-ready';
import { nextToGoOn } from '../let-go-on';
import { removeUnused } from '../made-slots';
import { type BoardEntry, childId, readBoard } from '../move-board';
import { fullPace } from '../pace';
import { progressOf } from '../progress';
import {
  alreadyThere,
  movesOf,
  recordAlreadyThere,
  type RebalanceContext,
  RebalancePhase,
} from '../rebalance-phase';
import { type Ahead, lookAhead, type Prepared, startMoves } from '../start-moves';
import { tidyRouter } from '../tidy-router';
import { outsideWindows } from '../window-outcome';
import { isOpen, opensAt } from '../windows';

/** Pause between two commands to a node that serves clients, in milliseconds. */
const busyPauseMs = 250;
/** Between two looks at what was created last, and how long it is waited for, in milliseconds. */
const [restPollMs, restLimitMs] = [15, 500];

/**
 * Checks that the cluster is still as it was planned for, and creates the slots on all nodes that will get them, before the first
 * is handed over: creating one holds up every client of its node. Meanwhile the first moves begin, and go as far as they may.
 */
export class RebalancePrepare extends RebalancePhase {
  readonly name = 'prepare';

  protected async work(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    const view = await cluster.router.view();
    const moves = movesOf(context);
    // Moves that an earlier attempt started answer for themselves: what the router shows of their slots may be their own doing.
    const { children } = context.state;
    const drift = findDrift(
      moves.filter((move) => children[childId(context.workflowId, move)] === undefined),
      view,
    );
    const queued = context.input.adopt ? queuedByOthers(drift) : [];
    if (queued.length > 0 && queued.length === drift.length) return this.adopt(context, cluster, queued);
    if (drift.length > 0) {
      return block(
        'plan-drifted',
        `the cluster is not as it was planned for: ${describeDrift(drift)}`,
        'Cancel this rebalance and plan anew.',
      );
    }
    const routed = new Map(view.routes.map(({ table, slot, group }) => [`${table}/${slot}`, group]));
    const isThere = ({ table, slot, to }: SlotMove): boolean => routed.get(`${table}/${slot}`) === to;
    if (context.facts.alreadyThere === undefined) recordAlreadyThere(context, moves.filter(isThere));
    const coming = moves.filter((move) => !isThere(move));
    const left = await this.createAll(context, cluster, view, coming);
    if (left) return left;
    return done({ moves: moves.length });
  }

  protected async takeBack(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    return (
      (await cancelMoves(context)) ??
      (await removeUnused(context, cluster)) ??
      (await tidyRouter(context, cluster)) ??
      done()
    );
  }

  /** Takes slots out of the router's queue that another tool put there. */
  private async adopt(
    context: RebalanceContext,
    { router }: OpenCluster,
    queued: readonly SlotMove[],
  ): Promise<Outcome> {
    for (const { table, slot } of queued) {
      const withdrawn = context.command({
        target: `${router.kind} ${router.address}`,
        action: `withdraw the handover of slot ${slot} that somebody else queued`,
        send: (gate) => router.withdrawHandover({ table, slot }, gate),
      });
      await withdrawn.catch((error: unknown) => {
        // It is gone already, or the router has begun with it: the next look tells.
        const isOver =
          error instanceof CodisError && ['no-action', 'action-not-pending'].includes(error.code);
        if (!isOver) throw error;
      });
    }
    return wait('adopting', `${queued.length} slots were taken out of the router's queue`, 0);
  }

  /** Null when every node has all slots that it will get. */
  private async createAll(
    context: RebalanceContext,
    cluster: OpenCluster,
    view: RouterView,
    moves: readonly SlotMove[],
  ): Promise<Outcome | null> {
    const limitsNow = (): RebalanceLimits => withChanges(context.input.limits, context.state.settings);
    let missing = await findMissing(cluster, view, moves, slotsFirst(limitsNow()));
    // Nodes without clients begin at once; what may be started is looked at meanwhile.
    const inTurns = missing.some(({ serves }) => serves);
    let ahead = inTurns ? await look(context, cluster, limitsNow()) : null;
    let chunk = 0;
    while (missing.length > 0) {
      const limits = limitsNow();
      const { windows = [] } = limits;
      if (!isOpen(windows, context.now())) return outsideWindows(opensAt(windows, context.now()));
      if (context.state.paused || context.cancelRequested) return stillToCreate(missing, 0);
      chunk = chunkAfter(chunk, missing);
      [missing, ahead] = await createAndStart(context, cluster, { view, missing, chunk, ahead, limits });
      if (missing.some(({ serves }) => serves)) return stillToCreate(missing, busyPauseMs);
    }
    await letHandOver(context);
    if (ahead) await startTheRest(context, cluster, ahead, limitsNow());
    return null;
  }
}

interface Round {
  readonly view: RouterView;
  readonly missing: readonly Missing[];
  /** How many slots the next command creates. */
  readonly chunk: number;
  /** Null in a first round. */
  readonly ahead: Ahead | null;
  readonly limits: RebalanceLimits;
}

/**
 * A node that creates slots takes no other change. So between two creations what was created is attached; and while the next ones are
 * created, moves are started of which everything is there, and the next round is looked at.
 */
async function createAndStart(
  context: RebalanceContext,
  cluster: OpenCluster,
  { view, missing, chunk, ahead, limits }: Round,
): Promise<[Missing[], Ahead]> {
  const lacking = keysOf(missing);
  const isThere = (move: SlotMove): boolean => !lacking.has(keyOf(move));
  const { creations, rest } = nextCreations(missing, chunk);
  const there = ahead?.moves.filter(isThere) ?? [];
  const { notYet, create } = await getReady(context, cluster, ahead?.view ?? view, there, creations);
  const [, started] = await allEnded([
    create(),
    ahead
      ? startWhatIsThere(context, cluster, { board: ahead.board, notYet }, isThere, limits)
      : look(context, cluster, limits),
  ]);
  return [rest, started];
}

/** What was created last is attached and started. */
async function startTheRest(
  context: RebalanceContext,
  cluster: OpenCluster,
  last: Ahead,
  limits: RebalanceLimits,
): Promise<void> {
  const begunAt = performance.now();
  let ahead = last;
  for (;;) {
    const { notYet } = await getReady(context, cluster, ahead.view, ahead.moves);
    ahead = await startWhatIsThere(context, cluster, { board: ahead.board, notYet }, () => true, limits);
    if (notYet.size === 0 || performance.now() - begunAt > restLimitMs) return;
    await pause(restPollMs);
  }
}

async function startWhatIsThere(
  context: RebalanceContext,
  cluster: OpenCluster,
  { board, notYet }: Prepared,
  isThere: (move: SlotMove) => boolean,
  limits: RebalanceLimits,
): Promise<Ahead> {
  await context.refresh();
  const tooManyStuck = board.filter(({ stage }) => stage === 'stuck').length > limits.maxFailed;
  const whole = board.filter(({ move, stage }) => stage !== 'waiting' || isThere(move));
  if (!tooManyStuck) await startMoves(context, { board: whole, notYet }, limits, { pace: 1, creating: true });
  const ahead = await look(context, cluster, limits);
  recordProgress(context, ahead.board);
  return ahead;
}

function recordProgress(context: RebalanceContext, board: readonly BoardEntry[]): void {
  const bound = { by: 'creating-slots', opensAt: null } as const;
  context.record({ progress: progressOf(board, bound, fullPace, [], context.now(), context.now()) });
}

async function look(
  context: RebalanceContext,
  cluster: OpenCluster,
  limits: RebalanceLimits,
): Promise<Ahead> {
  const moves = movesOf(context);
  const ids = moves.map((move) => childId(context.workflowId, move));
  const known = ids.filter((id) => context.state.children[id] !== undefined);
  const board = readBoard(context.state, moves, alreadyThere(context), await context.childSummaries(known));
  return lookAhead(cluster, board, limits, 1);
}

/** Lets the first moves hand over that were started meanwhile: no slot is created any more. The next phase lets the others. */
async function letHandOver(context: RebalanceContext): Promise<void> {
  const { children } = context.state;
  await context.persist({ facts: { [allCreatedFact]: true } });
  // Also of those that an attempt started and could not note any more.
  const ids = movesOf(context)
    .map((move) => childId(context.workflowId, move))
    .filter((child) => children[child] === undefined || children[child] === 'open');
  const open = (await context.childSummaries(ids)).filter(({ endedAt }) => endedAt === null);
  await context.wakeChildren(nextToGoOn(open));
}

function stillToCreate(missing: readonly Missing[], pollAfterMs: number): Outcome {
  const left = missing.reduce((sum, { slots }) => sum + slots.length, 0);
  return wait(
    'creating-slots',
    `${left} slots are still to be created on the nodes that will get them`,
    pollAfterMs,
    { left },
  );
}

import { keyOf, type RouterView, type SlotMove } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { JsonObject, ResourceHeld } from '@slotferry/workflow';
import { moveSlotDefinition } from '../definitions';
import { type Bound, chooseMoves } from './choose-moves';
import { getReady } from './get-ready';
import type { RebalanceLimits } from './limits';
import { attachedSlots } from './made-slots';
import { markCopies } from './mark-copies';
import type { BoardEntry } from './move-board';
import type { RebalanceContext } from './rebalance-phase';

export interface Started {
  /** The board with what was started. */
  readonly board: readonly BoardEntry[];
  readonly boundBy: Bound;
  /** Moves whose slot another workflow holds: they are tried again at the next look, and take no place from others until then. */
  readonly held: readonly ResourceHeld[];
  /** Moves that will be started as soon as their slots are created or attached. */
  readonly gettingReady: number;
}

export interface StartOptions {
  /** Share of the limits that is used, from 0 to 1. */
  readonly pace: number;
  /** Slots are still being created: moves that are started go no further than to their handover. */
  readonly creating: boolean;
}

/** What is to be known before moves are started. */
export interface Prepared {
  /** The board, with moves marked that may cost a full copy. */
  readonly board: readonly BoardEntry[];
  /** Moves that are better started a little later, by `table/slot`. */
  readonly notYet: ReadonlySet<string>;
}

/** What comes next, and what is known of it. */
export interface Ahead {
  readonly view: RouterView;
  /** The board, with moves marked that may cost a full copy. */
  readonly board: readonly BoardEntry[];
  /** Moves whose slots may be attached ahead: twice as many as may be started. */
  readonly moves: readonly SlotMove[];
}

export async function lookAhead(
  cluster: OpenCluster,
  board: readonly BoardEntry[],
  limits: RebalanceLimits,
  pace: number,
): Promise<Ahead> {
  const view = await cluster.router.view();
  const marked = await markCopies(cluster, view, board);
  const { inFlight, perSource, perTarget } = limits;
  const twice = { inFlight: 2 * inFlight, perSource: 2 * perSource, perTarget: 2 * perTarget };
  const { start } = chooseMoves(marked, { ...limits, ...twice }, pace);
  return { view, board: marked, moves: start.filter(({ mayCopy }) => !mayCopy).map(({ move }) => move) };
}

/** Gets ready what comes next: slots are attached ahead. */
export async function prepareMoves(
  context: RebalanceContext,
  cluster: OpenCluster,
  board: readonly BoardEntry[],
  limits: RebalanceLimits,
  pace: number,
): Promise<Prepared> {
  if (!board.some(({ stage }) => stage === 'waiting')) return { board, notYet: new Set() };
  const ahead = await lookAhead(cluster, board, limits, pace);
  const { notYet } = await getReady(context, cluster, ahead.view, ahead.moves);
  // All that took time, in which an operator may have asked for nothing new.
  await context.refresh();
  return { board: ahead.board, notYet };
}

/** Starts as many moves as limits and pace allow, each a workflow of its own; none when an operator has stopped the rebalance. */
export async function startMoves(
  context: RebalanceContext,
  { board, notYet }: Prepared,
  limits: RebalanceLimits,
  { pace, creating }: StartOptions,
): Promise<Started> {
  if (context.state.paused || context.cancelRequested)
    return { board, boundBy: 'stopped', held: [], gettingReady: 0 };
  const held = new Map<string, ResourceHeld>();
  const started = new Set<string>();
  const now = (): BoardEntry[] =>
    board.map((entry) => (started.has(entry.child) ? { ...entry, stage: 'moving' } : entry));
  for (;;) {
    const heldBefore = held.size;
    const free = now().filter(({ child }) => !held.has(child));
    const choice = chooseMoves(free, limits, pace);
    const ready = choice.start.filter(({ move }) => !notYet.has(keyOf(move)));
    const refused = await context.startChildren(
      moveSlotDefinition.name,
      ready.map(({ child, move }) => ({ id: child, input: inputOf(context, move, creating) })),
    );
    for (const { child } of ready) {
      const refusal = refused.get(child);
      if (refusal) held.set(child, refusal);
      else started.add(child);
    }
    if (held.size > heldBefore) continue;
    const onlyHeld = choice.boundBy === 'nothing-left' && held.size > 0;
    return {
      board: now(),
      boundBy: onlyHeld ? 'held-by-others' : choice.boundBy,
      held: [...held.values()],
      gettingReady: choice.start.length - ready.length,
    };
  }
}

function inputOf(context: RebalanceContext, move: SlotMove, creating: boolean): JsonObject {
  const prepared = attachedSlots(context)[keyOf(move)];
  return {
    cluster: context.input.cluster,
    ...move,
    ...(prepared ? { prepared: { source: prepared.source, target: prepared.target } } : {}),
    ...(creating ? { awaitsCreation: true } : {}),
  };
}

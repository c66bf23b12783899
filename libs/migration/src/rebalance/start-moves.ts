import { ResourceHeld } from '@slotferry/workflow';
import { moveSlotDefinition } from '../definitions';
import { type Bound, chooseMoves } from './choose-moves';
import type { RebalanceLimits } from './limits';
import type { BoardEntry } from './move-board';
import type { RebalanceContext } from './rebalance-phase';

export interface Started {
  /** The board with what was started. */
  readonly board: readonly BoardEntry[];
  readonly boundBy: Bound;
  /** Moves whose slot another workflow holds: they are tried again at the next look, and take no place from others until then. */
  readonly held: readonly ResourceHeld[];
}

/** Starts as many moves as limits and pace allow, each a workflow of its own. */
export async function startMoves(
  context: RebalanceContext,
  board: readonly BoardEntry[],
  limits: RebalanceLimits,
  pace: number,
): Promise<Started> {
  const held = new Map<string, ResourceHeld>();
  const started = new Set<string>();
  const now = (): BoardEntry[] =>
    board.map((entry) => (started.has(entry.child) ? { ...entry, stage: 'moving' } : entry));
  for (;;) {
    const heldBefore = held.size;
    const free = now().filter(({ child }) => !held.has(child));
    const choice = chooseMoves(free, limits, pace);
    for (const entry of choice.start) {
      const refusal = await start(context, entry);
      if (refusal) held.set(entry.child, refusal);
      else started.add(entry.child);
    }
    if (held.size > heldBefore) continue;
    const onlyHeld = choice.boundBy === 'nothing-left' && held.size > 0;
    return { board: now(), boundBy: onlyHeld ? 'held-by-others' : choice.boundBy, held: [...held.values()] };
  }
}

async function start(context: RebalanceContext, { child, move }: BoardEntry): Promise<ResourceHeld | null> {
  const input = { cluster: context.input.cluster, ...move };
  try {
    await context.startChild(moveSlotDefinition.name, child, input);
    return null;
  } catch (error) {
    if (!(error instanceof ResourceHeld)) throw error;
    return error;
  }
}

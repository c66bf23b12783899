import type { BoardEntry } from './move-board';
import type { RebalanceContext } from './rebalance-phase';

/** From here on a move is not stopped any more: clients are at the target. */
const handedOver = ['verify', 'clean-up'];

/** Outside its windows: moves that have not been handed over rest. Which ones is stored first, so that they are woken whatever happens. */
export async function restMoves(context: RebalanceContext, board: readonly BoardEntry[]): Promise<void> {
  const known = restingMoves(context);
  const awake = board.filter((entry) => mustRest(entry, known));
  const fresh = awake.map(({ child }) => child).filter((child) => !known.has(child));
  if (fresh.length > 0) await context.persist({ facts: { resting: [...known, ...fresh] } });
  for (const { child } of awake) {
    const reason = `outside the windows of ${context.workflowId}`;
    await context.steerChild(child, { kind: 'pause', reason });
  }
}

/** A window is open again: those go on that rest because of it. */
export async function wakeMoves(context: RebalanceContext): Promise<void> {
  const resting = restingMoves(context);
  for (const child of resting) await context.steerChild(child, { kind: 'resume' });
  if (resting.size > 0) context.record({ resting: [] });
}

/** One that an operator has paused is left alone; of a blocked one that cannot be seen, and it is asked once. */
function mustRest({ child, stage, summary }: BoardEntry, known: ReadonlySet<string>): boolean {
  if (!summary || (stage !== 'moving' && stage !== 'stuck')) return false;
  if (summary.committed || summary.cancelRequested || handedOver.includes(summary.phase)) return false;
  if (summary.status === 'blocked') return !known.has(child);
  return summary.status === 'running';
}

function restingMoves(context: RebalanceContext): Set<string> {
  const { resting } = context.facts;
  return new Set(Array.isArray(resting) ? (resting as string[]) : []);
}

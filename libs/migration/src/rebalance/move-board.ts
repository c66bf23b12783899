import { keyOf, type SlotMove } from '@slotferry/cluster';
import type { WorkflowState, WorkflowSummary } from '@slotferry/workflow';

/**
 * - `waiting`: not started.
 * - `moving`: on its way.
 * - `stuck`: failed, or blocked until somebody does something.
 * - `moved`, `skipped` (cancelled): ended.
 */
export type MoveStage = 'waiting' | 'moving' | 'stuck' | 'moved' | 'skipped';

export interface BoardEntry {
  readonly move: SlotMove;
  readonly child: string;
  readonly stage: MoveStage;
  /** The child's own word, where it was asked for. */
  readonly summary: WorkflowSummary | null;
  /** Its slot may have to be copied in full, and is not handed over yet. */
  readonly mayCopy?: boolean;
}

/**
 * Where every move of a rebalance stands: from the parent's log and the summaries of the children that are open.
 * @param summaries may hold children that the parent's log does not know, too
 */
export function readBoard(
  parent: Pick<WorkflowState, 'id' | 'children'>,
  moves: readonly SlotMove[],
  alreadyThere: ReadonlySet<string>,
  summaries: readonly WorkflowSummary[],
): BoardEntry[] {
  const open = new Map(summaries.map((one) => [one.id, one]));
  return moves.map((move) => {
    const child = childId(parent.id, move);
    const summary = open.get(child) ?? null;
    return {
      move,
      child,
      summary,
      stage: stageOf(parent.children[child], summary, alreadyThere.has(keyOf(move))),
    };
  });
}

/** The id of the workflow of one move: the same however often it is computed. */
export function childId(parent: string, { table, slot }: SlotMove): string {
  return `${parent}-s${table}-${slot}`;
}

/** Entries per stage. */
export function countStages(board: readonly BoardEntry[]): { [S in MoveStage]: number } {
  const counts = { waiting: 0, moving: 0, stuck: 0, moved: 0, skipped: 0 };
  for (const { stage } of board) counts[stage] += 1;
  return counts;
}

function stageOf(
  child: WorkflowState['children'][string] | undefined,
  summary: WorkflowSummary | null,
  alreadyThere: boolean,
): MoveStage {
  switch (child) {
    case 'completed':
      return 'moved';
    case 'cancelled':
      return 'skipped';
    case 'open':
      return openStage(summary);
    case undefined:
      if (summary) return unrecordedStage(summary);
      return alreadyThere ? 'moved' : 'waiting';
  }
}

function openStage(summary: WorkflowSummary | null): MoveStage {
  return summary?.status === 'failed' || summary?.status === 'blocked' ? 'stuck' : 'moving';
}

/** Whoever started it was gone before the parent's log knew of it. */
function unrecordedStage(summary: WorkflowSummary): MoveStage {
  if (summary.status === 'completed') return 'moved';
  return summary.status === 'cancelled' ? 'skipped' : openStage(summary);
}

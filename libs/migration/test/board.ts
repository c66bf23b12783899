import type { WorkflowSummary } from '@slotferry/workflow';
import type { BoardEntry, MoveStage } from '../src/rebalance/move-board';

/** One line of a board of the rebalance `rb`. */
export function entry(slot: number, stage: MoveStage, from = 1, to = 3): BoardEntry {
  return { move: { table: 0, slot, from, to }, child: `rb-s0-${slot}`, stage, summary: null };
}

/** What a child says of itself. */
export function summary(id: string, status: WorkflowSummary['status']): WorkflowSummary {
  return {
    id,
    status,
    workflow: 'move-slot',
    title: 'a move',
    scope: 'lab',
    phase: 'preflight',
    phases: ['preflight'],
    direction: 'forward',
    version: 1,
    input: {},
    touches: [],
    parent: 'rb',
    startedBy: 'parent:rb',
    startedAt: 0,
    updatedAt: 0,
    endedAt: null,
    committed: false,
    cancelRequested: false,
    waiting: null,
    problem: null,
    unblock: null,
    children: { open: 0, completed: 0, cancelled: 0 },
    job: null,
    guarded: false,
  };
}

import type { EndStatus, Problem } from './events';
import type { JsonObject, Json } from './json';
import type { WorkflowState, WorkflowStatus } from './state';
import { jobId, nextWork } from './work';

/** One workflow in a list: what it is, where it stands, why it waits. A projection: it follows from the log. */
export interface WorkflowSummary {
  readonly id: string;
  readonly workflow: string;
  readonly title: string;
  readonly scope: string;
  readonly status: WorkflowStatus | 'paused';
  readonly phase: string;
  readonly phases: readonly string[];
  readonly direction: 'forward' | 'undo';
  readonly version: number;
  readonly input: JsonObject;
  /** What it works on next to others, such as `group:lab:1`. */
  readonly touches: readonly string[];
  readonly parent: string | null;
  readonly startedBy: string;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly endedAt: number | null;
  readonly committed: boolean;
  readonly cancelRequested: boolean;
  readonly waiting: { readonly code: string; readonly message: string; readonly progress?: Json } | null;
  readonly problem: Problem | null;
  readonly unblock: string | null;
  readonly children: { readonly open: number } & { readonly [S in EndStatus]: number };
  /** The job that should exist now; the reconciler compares it with the queue. */
  readonly job: {
    readonly id: string;
    readonly queue: string;
    readonly phase: string;
    readonly dueAt: number;
  } | null;
  /** True while clients may stand still and any worker may have to end that. */
  readonly guarded: boolean;
}

export function summarise(state: WorkflowState): WorkflowSummary {
  const work = nextWork(state);
  const children = Object.values(state.children);
  const count = (status: EndStatus | 'open'): number => children.filter((one) => one === status).length;
  return {
    id: state.id,
    workflow: state.workflow,
    title: state.title,
    scope: state.scope,
    status:
      state.paused && (state.status === 'running' || state.status === 'undoing') ? 'paused' : state.status,
    phase: state.phase,
    phases: state.phases,
    direction: state.direction,
    version: state.head.version,
    input: state.input,
    touches: state.touches,
    parent: state.parent,
    startedBy: state.actor,
    startedAt: state.startedAt,
    updatedAt: state.updatedAt,
    endedAt: state.endedAt,
    committed: state.committed,
    cancelRequested: state.cancelRequested,
    waiting: state.waiting && {
      code: state.waiting.code,
      message: state.waiting.message,
      progress: state.waiting.progress,
    },
    problem: state.problem,
    unblock: state.blocked?.unblock ?? null,
    children: { open: count('open'), completed: count('completed'), cancelled: count('cancelled') },
    job: work && { id: jobId(work), queue: work.queue, phase: work.phase, dueAt: work.dueAt },
    guarded: state.guard !== null,
  };
}

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

/** What a summary tells of a workflow from its start to its end, without change. */
type FixedPart = Pick<
  WorkflowSummary,
  | 'id'
  | 'workflow'
  | 'title'
  | 'scope'
  | 'phases'
  | 'input'
  | 'touches'
  | 'parent'
  | 'startedBy'
  | 'startedAt'
>;

export function summarise(state: WorkflowState): WorkflowSummary {
  return { ...fixedPart(state), ...movingPart(state) };
}

/** Texts of fixed parts by the input they belong to, which every state of a workflow shares: an input may be large. */
const fixedTexts = new WeakMap<WorkflowState['input'], string>();

/** The JSON text of the summary. */
export function summaryText(state: WorkflowState): string {
  let fixed = fixedTexts.get(state.input);
  if (fixed === undefined) {
    fixed = JSON.stringify(fixedPart(state)).slice(0, -1);
    fixedTexts.set(state.input, fixed);
  }
  return `${fixed},${JSON.stringify(movingPart(state)).slice(1)}`;
}

function fixedPart(state: WorkflowState): FixedPart {
  return {
    id: state.id,
    workflow: state.workflow,
    title: state.title,
    scope: state.scope,
    phases: state.phases,
    input: state.input,
    touches: state.touches,
    parent: state.parent,
    startedBy: state.actor,
    startedAt: state.startedAt,
  };
}

function movingPart(state: WorkflowState): Omit<WorkflowSummary, keyof FixedPart> {
  const work = nextWork(state);
  return {
    status:
      state.paused && (state.status === 'running' || state.status === 'undoing') ? 'paused' : state.status,
    phase: state.phase,
    direction: state.direction,
    version: state.head.version,
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
    children: countChildren(state.children),
    job: work && { id: jobId(work), queue: work.queue, phase: work.phase, dueAt: work.dueAt },
    guarded: state.guard !== null,
  };
}

function countChildren(children: WorkflowState['children']): WorkflowSummary['children'] {
  const counts = { open: 0, completed: 0, cancelled: 0 };
  for (const id in children) counts[children[id] ?? 'open'] += 1;
  return counts;
}

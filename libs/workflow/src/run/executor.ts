import { sleep, type Logger } from '@slotferry/platform';
import { decideOutcome } from '../decide';
import { limitsOf } from '../definition';
import { draft, type DraftEvent } from '../events';
import { failed, type Outcome } from '../outcome';
import { mustTurnBack, type WorkflowState } from '../state';
import type { AttemptLease, AttemptLeases, TakeResult, TakeWhich } from '../store/attempt-lease';
import { jobId, nextWork } from '../work';
import { AttemptInterrupted, LeaseLost, LogUnavailable, VersionConflict } from '../workflow.errors';
import { Attempt, type AttemptTools } from './attempt';
import type { LateRecords } from './late-records';
import { problemOf } from './problem-of';

/** What the queue should do with the job. */
export type JobFate =
  /** Nothing more: what follows comes through the outbox. */
  | { readonly kind: 'finished' }
  /** The same job again after so many ms. */
  | { readonly kind: 'later'; readonly afterMs: number };

export interface ExecutorOptions extends AttemptTools {
  readonly leases: AttemptLeases;
  readonly lateRecords: LateRecords;
  readonly logger: Logger;
}

/** Pause before another look at a workflow whose attempt is held, or was lost while it ran, in milliseconds. */
const busyPollMs = 100;
/** Pause before an outcome that the log did not take is offered to it again, in milliseconds. */
const concludeAgainMs = 100;
const finished: JobFate = { kind: 'finished' };

/** Runs one attempt at whatever a workflow needs next. The queue, the watchdog and tests call it; all give the same result. */
export class Executor {
  constructor(private readonly options: ExecutorOptions) {}

  /** For a job: runs it if it is still the work that is due. Throws LogUnavailable: then the queue tries again. */
  async runJob(workflowId: string, expectedJobId: string): Promise<JobFate> {
    const taking = this.take(workflowId, 'any');
    // Sent behind it on the same connection, so it is read under the lease, without a round trip of its own.
    const loading = this.options.log.load(workflowId);
    loading.catch(() => undefined);
    const taken = await taking;
    if (!taken.taken) {
      // The rest of work that was overtaken must not come again and again, and keep from its turn what is due.
      if (!isDue(await loading, expectedJobId)) return finished;
      return { kind: 'later', afterMs: Math.min(taken.leftMs, busyPollMs) };
    }
    const { lease } = taken;
    lease.startRenewing();
    try {
      return await this.runDue(lease, await loading, expectedJobId);
    } catch (error) {
      if (!(error instanceof LeaseLost || error instanceof VersionConflict)) throw error;
      this.options.logger.warn({ workflow: workflowId, code: error.code }, error.message);
      // Whether the job is still due is known when it runs again: ended here, nobody might go on.
      return { kind: 'later', afterMs: busyPollMs };
    } finally {
      await this.giveBack(lease);
    }
  }

  /**
   * For the watchdog: a worker stopped renewing its lease. Records that, and ends a guarded section in this process and at once;
   * everything else goes through the queue again. Does nothing when the worker is back or another one was faster. When it throws,
   * the lease is left to run out, and the watchdog comes again.
   */
  async takeOver(workflowId: string): Promise<void> {
    const taken = await this.take(workflowId, 'lapsed');
    if (!taken.taken) return;
    const { lease } = taken;
    lease.startRenewing();
    try {
      const state = await this.recordAbandoned(lease, await this.options.log.load(workflowId));
      if (state.guard && nextWork(state)) await this.attempt(state, lease);
    } catch (error) {
      lease.stopRenewing();
      throw error;
    }
    await this.giveBack(lease);
  }

  private async take(workflowId: string, which: TakeWhich): Promise<TakeResult> {
    const { leases, worker, leaseMs } = this.options;
    return leases.take(workflowId, worker, leaseMs, which).catch((error: unknown) => {
      throw new LogUnavailable(workflowId, error);
    });
  }

  private async giveBack(lease: AttemptLease): Promise<void> {
    // Mostly given back when the outcome was appended; when Redis does not answer it runs out by itself.
    await this.options.leases.end(lease).catch(() => undefined);
  }

  private async runDue(lease: AttemptLease, found: WorkflowState, expectedJobId: string): Promise<JobFate> {
    const { now } = this.options;
    const work = nextWork(found);
    const state = lease.takenFrom === '' ? found : await this.recordAbandoned(lease, found);
    if (!work || !isDue(found, expectedJobId)) return finished;
    if (work.dueAt > now()) return { kind: 'later', afterMs: work.dueAt - now() };
    const [after, outcome] = await this.attempt(state, lease);
    if (!isDue(after, expectedJobId)) return finished;
    return { kind: 'later', afterMs: pauseAfter(outcome) };
  }

  /** Whoever takes a lease that had run out says so: the work becomes due anew, whatever became of the dead worker's job. */
  private async recordAbandoned(lease: AttemptLease, found: WorkflowState): Promise<WorkflowState> {
    const { log, worker } = this.options;
    const options = { actor: `watchdog:${worker}`, token: lease.token };
    for (let state = found; ; state = await log.load(state.id)) {
      if (!nextWork(state)) return state;
      const { phase } = state;
      const abandoned = draft('attempt-abandoned', { phase, worker: lease.takenFrom, detectedBy: worker });
      try {
        return (await log.append(state, [abandoned], options)).state;
      } catch (error) {
        if (!(error instanceof VersionConflict)) throw error;
        lease.assertHeld();
      }
    }
  }

  private async attempt(
    state: WorkflowState,
    lease: AttemptLease,
  ): Promise<[WorkflowState, Outcome | 'interrupted']> {
    const { registry, now, lateRecords } = this.options;
    const attempt = new Attempt(state, lease, this.options);
    const limits = limitsOf(registry.definition(state.workflow), state.phase);
    try {
      const outcome = mustTurnBack(state) ? 'interrupted' : await this.outcomeOf(attempt);
      const after = await this.conclude(attempt, lease, (latest) =>
        outcome === 'interrupted' ? turnBack(latest) : decideOutcome(latest, outcome, limits, now()),
      );
      return [after, outcome];
    } catch (error) {
      const late = attempt.unrecorded();
      if (late) lateRecords.add(late);
      throw error;
    }
  }

  /** An outcome is worth waiting for the log as long as the lease lasts. */
  private async conclude(
    attempt: Attempt,
    lease: AttemptLease,
    decide: (state: WorkflowState) => DraftEvent[],
  ): Promise<WorkflowState> {
    for (;;) {
      try {
        return await attempt.conclude(decide);
      } catch (error) {
        if (!(error instanceof LogUnavailable) || lease.remainingMs() <= concludeAgainMs) throw error;
        await sleep(concludeAgainMs);
      }
    }
  }

  private async outcomeOf(attempt: Attempt): Promise<Outcome | 'interrupted'> {
    const { registry, redact, logger } = this.options;
    const { workflow, phase, direction } = attempt.state;
    const handler = registry.phase(workflow, phase);
    try {
      if (direction === 'forward') return await handler.run(attempt);
      return handler.undo ? await handler.undo(attempt) : { kind: 'done' };
    } catch (error) {
      if (error instanceof AttemptInterrupted) return 'interrupted';
      if (error instanceof LeaseLost || error instanceof LogUnavailable) throw error;
      const problem = problemOf(error, redact);
      logger.warn({ workflow: attempt.workflowId, phase, code: problem.code, error }, problem.message);
      return failed(problem, !isFinal(error));
    }
  }
}

function isDue(state: WorkflowState, job: string): boolean {
  const work = nextWork(state);
  return work !== null && jobId(work) === job;
}

function turnBack(state: WorkflowState): DraftEvent[] {
  return mustTurnBack(state) ? [draft('undo-started', { phase: state.phase })] : [];
}

/** How long the same job rests before it looks again, in milliseconds. */
function pauseAfter(outcome: Outcome | 'interrupted'): number {
  if (outcome === 'interrupted') return 0;
  if (outcome.kind === 'wait') return outcome.pollAfterMs;
  if (outcome.kind === 'blocked' && outcome.recheckAfterMs !== null) return outcome.recheckAfterMs;
  return busyPollMs;
}

/** An error may say of itself that trying again is useless. */
function isFinal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === false;
}

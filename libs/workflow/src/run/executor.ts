import type { Logger } from '@slotferry/platform';
import { decideOutcome, mustTurnBack } from '../decide';
import { limitsOf } from '../definition';
import { draft } from '../events';
import { failed, type Outcome } from '../outcome';
import type { WorkflowState } from '../state';
import type { AttemptLease, AttemptLeases } from '../store/attempt-lease';
import { jobId, nextWork } from '../work';
import { AttemptInterrupted, LeaseLost, LogUnavailable, VersionConflict } from '../workflow.errors';
import { Attempt, type AttemptTools } from './attempt';
import { problemOf } from './problem-of';

/** What the queue should do with the job. */
export type JobFate =
  /** Nothing more: what follows comes through the outbox. */
  | { readonly kind: 'finished' }
  /** The same job again after so many ms. */
  | { readonly kind: 'later'; readonly afterMs: number };

export interface ExecutorOptions extends AttemptTools {
  readonly leases: AttemptLeases;
  readonly logger: Logger;
}

/** Pause before a look at a workflow whose attempt another worker holds, in milliseconds. */
const busyPollMs = 100;

/** Runs one attempt at whatever a workflow needs next. The queue, the watchdog and tests call it; all give the same result. */
export class Executor {
  constructor(private readonly options: ExecutorOptions) {}

  /** For a job: runs it if it is still the work that is due. */
  async runJob(workflowId: string, expectedJobId: string): Promise<JobFate> {
    const taken = await this.take(workflowId);
    if (!('lease' in taken)) return taken;
    return this.within(taken.lease, async (state) => {
      const work = nextWork(state);
      if (!work || jobId(work) !== expectedJobId) return { kind: 'finished' };
      if (work.dueAt > this.options.now()) return { kind: 'later', afterMs: work.dueAt - this.options.now() };
      return this.attempt(state, taken.lease);
    });
  }

  /**
   * For the watchdog: a worker stopped renewing its lease. Records that, and ends a guarded section in this process and at once;
   * everything else goes through the queue again. Does nothing when the worker is back or another one was faster.
   */
  async takeOver(workflowId: string): Promise<void> {
    const taken = await this.take(workflowId);
    if (!('lease' in taken)) return;
    await this.within(taken.lease, async (state) => {
      if (!nextWork(state)) return { kind: 'finished' };
      const { worker } = this.options;
      const abandoned = draft('attempt-abandoned', {
        phase: state.phase,
        worker: taken.lease.takenFrom,
        detectedBy: worker,
      });
      const { log } = this.options;
      const options = { actor: `watchdog:${worker}`, token: taken.lease.token };
      const { state: now } = await log.append(state, [abandoned], options);
      return now.guard ? this.attempt(now, taken.lease) : { kind: 'finished' };
    });
  }

  private async take(workflowId: string): Promise<JobFate | { lease: AttemptLease }> {
    const { leases, worker, leaseMs } = this.options;
    const result = await leases.take(workflowId, worker, leaseMs).catch((error: unknown) => {
      throw new LogUnavailable(workflowId, error);
    });
    if (!result.taken) return { kind: 'later', afterMs: Math.min(result.leftMs, busyPollMs) };
    return { lease: result.lease };
  }

  private async within(
    lease: AttemptLease,
    work: (state: WorkflowState) => Promise<JobFate>,
  ): Promise<JobFate> {
    lease.startRenewing();
    try {
      return await work(await this.options.log.load(lease.workflowId));
    } catch (error) {
      if (error instanceof LeaseLost || error instanceof VersionConflict) {
        this.options.logger.warn({ workflow: lease.workflowId, code: error.code }, error.message);
        return { kind: 'finished' };
      }
      throw error;
    } finally {
      // Already given back when the outcome was appended; otherwise it would run out by itself.
      await this.options.leases.end(lease).catch(() => undefined);
    }
  }

  private async attempt(state: WorkflowState, lease: AttemptLease): Promise<JobFate> {
    const { registry, now } = this.options;
    const attempt = new Attempt(state, lease, this.options);
    if (mustTurnBack(state)) {
      await attempt.conclude((latest) => [draft('undo-started', { phase: latest.phase })]);
      return { kind: 'finished' };
    }
    const outcome = await this.outcomeOf(attempt);
    if (outcome === 'interrupted') {
      await attempt.conclude(() => []);
      return { kind: 'finished' };
    }
    const limits = limitsOf(registry.definition(state.workflow), state.phase);
    const before = attempt.state;
    const after = await attempt.conclude((latest) => decideOutcome(latest, outcome, limits, now()));
    return this.fateAfter(before, after, outcome);
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
      logger.warn({ workflow: attempt.workflowId, phase, code: problem.code }, problem.message);
      return failed(problem, !isFinal(error));
    }
  }

  private fateAfter(before: WorkflowState, after: WorkflowState, outcome: Outcome): JobFate {
    const [old, due] = [nextWork(before), nextWork(after)];
    if (!old || !due || jobId(old) !== jobId(due)) return { kind: 'finished' };
    if (outcome.kind === 'wait') return { kind: 'later', afterMs: outcome.pollAfterMs };
    if (outcome.kind === 'blocked' && outcome.recheckAfterMs !== null) {
      return { kind: 'later', afterMs: outcome.recheckAfterMs };
    }
    return { kind: 'finished' };
  }
}

/** An error may say of itself that trying again is useless. */
function isFinal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === false;
}

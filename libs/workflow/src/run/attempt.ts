import { randomUUID } from 'node:crypto';
import type { Steering } from '../decide';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { draft, type DraftEvent, type Problem } from '../events';
import type { Json, JsonObject } from '../json';
import type { ChildStart, Command, Intent, PhaseContext } from '../phase';
import type { PhaseRegistry } from '../phase-registry';
import { mustTurnBack, type WorkflowState } from '../state';
import type { WorkflowSummary } from '../summary';
import type { AttemptLease, MonotonicClock } from '../store/attempt-lease';
import type { AppendOptions, EventLog } from '../store/event-log';
import {
  AttemptInterrupted,
  CommandSpent,
  LeaseLost,
  LogUnavailable,
  type ResourceHeld,
  VersionConflict,
} from '../workflow.errors';
import { ChildWorkflows, parts } from './child-workflows';
import type { LateBatch } from './late-records';
import { problemOf } from './problem-of';
import type { QueuedJob } from './queues';

export interface AttemptTools {
  readonly log: EventLog;
  readonly registry: PhaseRegistry;
  readonly worker: string;
  readonly monotonic: MonotonicClock;
  readonly now: () => number;
  /** How long an append may take, in milliseconds, before its outcome counts as unknown. */
  readonly appendTimeoutMs: number;
  readonly leaseMs: number;
  /** Lets jobs that wait for their time run now. */
  readonly hasten: (jobs: readonly QueuedJob[]) => Promise<void>;
  /** Takes out what must not be stored. */
  readonly redact: (value: Json) => Json;
}

type LeaseChange = Pick<AppendOptions, 'endAttempt' | 'guardMs' | 'unguardMs'>;

interface Batch {
  readonly drafts: readonly DraftEvent[];
  readonly options: LeaseChange;
  readonly commandId: string;
}

const notSent: Problem = {
  code: 'not-sent',
  message: 'It was announced, and its attempt ended without sending it.',
  remedy: 'Nothing to do: it was not needed, or the next attempt sends it.',
};

/** Steering that comes in between is no reason to stop; this often in a row is a fault. */
const maxRebases = 20;

/** Children noted in one append: more would keep the process busy for more than some hundredths of a second. */
const maxChildrenNoted = 500;

/** One attempt at one phase: the context its phase sees, and the only way in which it changes anything. */
export class Attempt implements PhaseContext {
  private buffer: DraftEvent[] = [];
  private begun = false;
  /** Commands that stand in the log and that nobody has sent. */
  private readonly unsent = new Set<string>();
  /** Batches of which it is not known whether they were stored, and how many buffered events they took along. One at most was. */
  private unsure: { readonly commandId: string; readonly kept: number }[] = [];
  private sentWithoutLog = false;
  private guardEnds = false;
  /** Commands may run side by side; their appends follow one another. */
  private appending: Promise<void> = Promise.resolve();
  private readonly children: ChildWorkflows;
  /** Facts as last asked for, and what they were put together from. */
  private joined: { readonly of: readonly JsonObject[]; readonly facts: JsonObject } = { of: [], facts: {} };

  constructor(
    private current: WorkflowState,
    private readonly lease: AttemptLease,
    private readonly tools: AttemptTools,
  ) {
    this.children = new ChildWorkflows(current.id, lease, tools.log, tools.registry);
  }

  get workflowId(): string {
    return this.current.id;
  }
  get signal(): AbortSignal {
    return this.lease.signal;
  }
  get input(): JsonObject {
    return this.current.input;
  }
  get state(): WorkflowState {
    return this.current;
  }
  get direction(): WorkflowState['direction'] {
    return this.current.direction;
  }
  get cancelRequested(): boolean {
    return this.current.cancelRequested;
  }
  get facts(): JsonObject {
    const buffered = this.buffer.flatMap((one) => (one.type === 'fact-recorded' ? [one.data.facts] : []));
    if (buffered.length === 0) return this.current.facts;
    // A phase asks often, and there may be thousands.
    const made = [this.current.facts, ...buffered];
    if (made.length !== this.joined.of.length || made.some((one, index) => one !== this.joined.of[index])) {
      this.joined = { of: made, facts: Object.assign({}, ...made) as JsonObject };
    }
    return this.joined.facts;
  }

  now(): number {
    return this.tools.now();
  }

  elapsedMs(): number {
    return this.now() - (this.current.phaseRecords[this.current.phase]?.enteredAt ?? this.now());
  }

  approved(code: string): boolean {
    return this.current.approvals.includes(code);
  }

  async command<T>(command: Command<T>, intent: Intent = {}): Promise<T> {
    const id = randomUUID();
    await this.issue([[id, command]], intent);
    return this.sendOnce(id, command);
  }

  async announce<T>(commands: readonly Command<T>[], intent: Intent = {}): Promise<(() => Promise<T>)[]> {
    const announced = commands.map((command) => [randomUUID(), command] as const);
    await this.issue(announced, intent);
    return announced.map(
      ([id, command]) =>
        () =>
          this.sendOnce(id, command),
    );
  }

  async commandWithoutLog<T>(command: Command<T>): Promise<T> {
    const id = randomUUID();
    this.lease.assertHeld();
    this.sentWithoutLog = true;
    this.keep(issued(id, command));
    return this.send(id, command);
  }

  record(facts: JsonObject): void {
    this.keep(draft('fact-recorded', { facts }));
  }

  step(name: string, data?: Json): void {
    this.keep(draft('step-completed', { phase: this.current.phase, step: name, data }));
  }

  revokePointOfNoReturn(reason: string): void {
    if (!this.current.committed) return;
    this.keep(draft('point-of-no-return-revoked', { phase: this.current.phase, reason }));
  }

  async persist(intent: Intent = {}): Promise<void> {
    await this.store(() => this.intended(intent), intent);
  }

  async releaseGuard(): Promise<void> {
    await this.settle();
    if (!this.current.guard) return;
    this.lease.assertHeld();
    const askedAt = this.tools.monotonic();
    await this.append(released, { unguardMs: this.tools.leaseMs });
    this.lease.guardReleased(askedAt);
  }

  releaseGuardAtEnd(): void {
    this.guardEnds = true;
  }

  async refresh(): Promise<void> {
    this.current = await this.inTime(this.tools.log.load(this.workflowId));
  }

  async startChildren(
    definitionName: string,
    children: readonly ChildStart[],
  ): Promise<ReadonlyMap<string, ResourceHeld>> {
    const fresh = new Map(children.map((child) => [child.id, child]));
    for (const id of Object.keys(this.current.children)) fresh.delete(id);
    const { standing, held, failures } = await this.children.start(definitionName, [...fresh.values()]);
    // Also when something went wrong: the more of them this log knows, the less there is to find again.
    for (const part of parts(standing, maxChildrenNoted)) {
      await this.append(({ children: known }) =>
        part
          .filter((child) => known[child] === undefined)
          .map((child) => draft('child-started', { child, workflow: definitionName })),
      );
    }
    if (failures.length > 0) throw failures[0];
    return held;
  }

  async startChild(definitionName: string, childId: string, input: JsonObject): Promise<void> {
    const refusal = (await this.startChildren(definitionName, [{ id: childId, input }])).get(childId);
    if (refusal) throw refusal;
  }

  childSummaries(ids: readonly string[]): Promise<WorkflowSummary[]> {
    return this.inTime(this.tools.log.summaries(ids));
  }

  childrenFacts(ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
    return this.children.facts(ids, (answer) => this.inTime(answer));
  }

  async childFacts(childId: string): Promise<JsonObject> {
    return (await this.childrenFacts([childId])).get(childId) ?? {};
  }

  async parentFacts(): Promise<JsonObject> {
    const { parent } = this.current;
    return parent === null ? {} : (await this.inTime(this.tools.log.load(parent))).facts;
  }

  async wakeChildren(ids: readonly string[]): Promise<void> {
    const jobs = (await this.childSummaries(ids)).flatMap(({ job }) => (job === null ? [] : [job]));
    await this.inTime(this.tools.hasten(jobs));
  }

  steerChild(childId: string, request: Steering): Promise<void> {
    return this.children.steer(childId, request);
  }

  /** Appends what the phase's outcome means, decided on the state as it then is, and gives the attempt back. */
  async conclude(decide: (state: WorkflowState) => DraftEvent[]): Promise<WorkflowState> {
    for (const command of this.unsent) this.replied(command, 0, { problem: notSent });
    this.unsent.clear();
    if (!this.guardEnds) {
      await this.append(decide, { endAttempt: true });
      return this.current;
    }
    const withRelease = (state: WorkflowState): DraftEvent[] => {
      // What the outcome means is decided on the state without the guard.
      const drafts = released(state);
      return [...drafts, ...decide(drafts.length > 0 ? { ...state, guard: null } : state)];
    };
    await this.append(withRelease, { endAttempt: true, unguardMs: 0 });
    return this.current;
  }

  /** What was sent without the log and is not known to stand in it: must be recorded, whoever holds the attempt by now. */
  unrecorded(): LateBatch | null {
    if (!this.sentWithoutLog || this.buffer.length === 0) return null;
    return { workflowId: this.workflowId, drafts: this.buffer, unsure: this.unsure };
  }

  /** Puts commands and their intent into the log; each may then be sent once. */
  private async issue(
    commands: readonly (readonly [id: string, command: Command<unknown>])[],
    intent: Intent,
  ): Promise<void> {
    const drafts = (): DraftEvent[] => [
      ...(commands.length > 0 ? this.beginning() : []),
      ...this.intended(intent),
      ...commands.map(([id, command]) => issued(id, command)),
    ];
    await this.store(drafts, intent);
    for (const [id] of commands) this.unsent.add(id);
  }

  private beginning(): DraftEvent[] {
    if (this.begun) return [];
    const { phase, direction } = this.current;
    return [draft('attempt-started', { phase, direction, worker: this.tools.worker })];
  }

  private intended({ facts, guard, pointOfNoReturn }: Intent): DraftEvent[] {
    const drafts: DraftEvent[] = [];
    if (facts) drafts.push(draft('fact-recorded', { facts }));
    if (guard) drafts.push(draft('guard-armed', { guard: guard.name, expiresInMs: guard.expiresInMs }));
    if (pointOfNoReturn && !this.current.committed) {
      drafts.push(draft('point-of-no-return-passed', { phase: this.current.phase, reason: pointOfNoReturn }));
    }
    return drafts;
  }

  private async store(drafts: () => DraftEvent[], { guard, unlessCancelled }: Intent): Promise<void> {
    this.lease.assertHeld();
    // A guarded section that ended in this attempt may have been all that a cancel had to wait for.
    if (mustTurnBack(this.current)) throw new AttemptInterrupted(this.workflowId);
    if (guard) this.lease.guardArmed(this.tools.monotonic(), guard.expiresInMs);
    await this.append(
      (state) => {
        // Whoever paused it relies on that: no guarded section begins from here on. One under way goes to its end.
        if (guard && state.paused && !state.guard) throw new AttemptInterrupted(this.workflowId);
        if (unlessCancelled && state.cancelRequested && !state.committed)
          throw new AttemptInterrupted(this.workflowId);
        return drafts();
      },
      guard ? { guardMs: guard.expiresInMs } : {},
    );
  }

  private async sendOnce<T>(id: string, command: Command<T>): Promise<T> {
    if (!this.unsent.has(id)) throw new CommandSpent(this.workflowId, command);
    // Steering that was seen since it was put into the log.
    if (mustTurnBack(this.current)) throw new AttemptInterrupted(this.workflowId);
    this.unsent.delete(id);
    return this.send(id, command);
  }

  private async send<T>(id: string, command: Command<T>): Promise<T> {
    const sentAt = this.tools.monotonic();
    const took = (): number => Math.round(this.tools.monotonic() - sentAt);
    try {
      const reply = await command.send(() => this.lease.assertHeld());
      const kept = command.record?.(reply);
      this.replied(id, took(), kept === undefined ? {} : { reply: kept });
      return reply;
    } catch (error) {
      this.replied(id, took(), { problem: problemOf(error, this.tools.redact) });
      throw error;
    }
  }

  private replied(command: string, tookMs: number, outcome: { reply?: Json; problem?: Problem }): void {
    this.keep(draft('command-replied', { command, tookMs, ...outcome }));
  }

  /** Buffered until the next append, with the time at which it happened. */
  private keep(event: DraftEvent): void {
    this.buffer.push({ ...this.clean(event), at: new Date(this.tools.now()).toISOString() });
  }

  /** Nothing is stored that has not been through here. */
  private clean({ type, data }: DraftEvent): DraftEvent {
    return { type, data: this.tools.redact(data as Json) } as DraftEvent;
  }

  /**
   * Appends what is buffered and what `decide` adds. When others appended meanwhile, goes on behind them if that is still right.
   * After a refusal nothing of `decide` is stored; after LogUnavailable that is not known, and the next append finds it out.
   */
  private append(decide: (state: WorkflowState) => DraftEvent[], options: LeaseChange = {}): Promise<void> {
    const appended = this.appending.then(() => this.appendNext(decide, options));
    this.appending = appended.catch(() => undefined);
    return appended;
  }

  private async appendNext(
    decide: (state: WorkflowState) => DraftEvent[],
    options: LeaseChange,
  ): Promise<void> {
    for (let round = 0; round < maxRebases; round += 1) {
      await this.settle();
      const kept = [...this.buffer];
      const drafts = [...kept, ...decide(this.current).map((one) => this.clean(one))];
      if (drafts.length === 0) return;
      const batch = { drafts, options, commandId: randomUUID() };
      try {
        this.current = await this.appendInTime(batch);
        if (options.endAttempt) this.lease.givenBack();
        // What was kept while the append was under way waits for the next one.
        this.buffer = this.buffer.slice(kept.length);
        this.unsure = [];
        this.begun ||= drafts.some(({ type }) => type === 'attempt-started');
        return;
      } catch (error) {
        if (error instanceof LogUnavailable)
          this.unsure.push({ commandId: batch.commandId, kept: kept.length });
        if (!(error instanceof VersionConflict)) throw error;
      }
      await this.rebase(options.endAttempt === true);
    }
    throw new LeaseLost(this.workflowId, 'others append to it without a pause');
  }

  /**
   * Finds out whether an earlier batch was stored, if that is open: what was buffered then must not be stored twice. A batch
   * that is not there yet may still arrive, until a later one is stored at the same version.
   */
  private async settle(): Promise<void> {
    for (const { commandId, kept } of this.unsure) {
      if (!(await this.inTime(this.tools.log.knows(this.workflowId, commandId)))) continue;
      await this.refresh();
      this.buffer = this.buffer.slice(kept);
      this.unsure = [];
      return;
    }
  }

  /** Takes up what others appended. Throws when it leaves nothing to do for this attempt. */
  private async rebase(ending: boolean): Promise<void> {
    const { phase, direction, visit } = this.current;
    await this.refresh();
    const now = this.current;
    if (now.phase !== phase || now.direction !== direction)
      throw new LeaseLost(now.id, 'the workflow went on');
    if (!ending && now.visit !== visit && mustTurnBack(now)) throw new AttemptInterrupted(now.id);
  }

  private async appendInTime({ drafts, options, commandId }: Batch): Promise<WorkflowState> {
    const { log, worker } = this.tools;
    const actor = `worker:${worker}`;
    const { token } = this.lease;
    const appended = log.append(this.current, drafts, { actor, commandId, token, ...options });
    return (await this.inTime(appended)).state;
  }

  /** A hold must not wait for Redis: an answer that takes too long counts as none. */
  private async inTime<T>(answer: Promise<T>): Promise<T> {
    return withTimeout(answer, this.tools.appendTimeoutMs, 'the event log').catch((error: unknown) => {
      throw error instanceof TimeLimitError ? new LogUnavailable(this.workflowId, error) : error;
    });
  }
}

function released({ guard }: WorkflowState): DraftEvent[] {
  return guard ? [draft('guard-released', { guard: guard.name })] : [];
}

function issued(command: string, { target, action }: Command<unknown>): DraftEvent {
  return draft('command-issued', { command, target, action });
}

import { randomUUID } from 'node:crypto';
import { decideStart } from '../decide';
import { draft, type DraftEvent, type Problem } from '../events';
import type { Json, JsonObject } from '../json';
import type { Command, Intent, PhaseContext } from '../phase';
import type { PhaseRegistry } from '../phase-registry';
import { initialState, mustTurnBack, type WorkflowState } from '../state';
import type { AttemptLease, MonotonicClock } from '../store/attempt-lease';
import type { AppendOptions, EventLog } from '../store/event-log';
import { AttemptInterrupted, LeaseLost, LogUnavailable, VersionConflict } from '../workflow.errors';
import { problemOf } from './problem-of';

export interface AttemptTools {
  readonly log: EventLog;
  readonly registry: PhaseRegistry;
  readonly worker: string;
  readonly monotonic: MonotonicClock;
  readonly now: () => number;
  /** How long an append may take, in milliseconds, before its outcome counts as unknown. */
  readonly appendTimeoutMs: number;
  readonly leaseMs: number;
  /** Takes out what must not be stored. */
  readonly redact: (value: Json) => Json;
}

type LeaseChange = Pick<AppendOptions, 'endAttempt' | 'guardMs' | 'unguardMs'>;

interface Batch {
  readonly drafts: readonly DraftEvent[];
  readonly options: LeaseChange;
  readonly commandId: string;
}

/** Steering that comes in between is no reason to stop; this often in a row is a fault. */
const maxRebases = 20;

/** One attempt at one phase: the context its phase sees, and the only way in which it changes anything. */
export class Attempt implements PhaseContext {
  private buffer: DraftEvent[] = [];
  private announced = false;
  /** A batch of which it is not known whether it was stored, and how many buffered events it took along. */
  private unsure: { readonly commandId: string; readonly kept: number } | undefined;

  constructor(
    private current: WorkflowState,
    private readonly lease: AttemptLease,
    private readonly tools: AttemptTools,
  ) {}

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
    const buffered = this.buffer.map((one) => (one.type === 'fact-recorded' ? one.data.facts : {}));
    return Object.assign({}, this.current.facts, ...buffered) as JsonObject;
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
    const issued = draft('command-issued', { command: id, target: command.target, action: command.action });
    await this.store([...this.announcement(), ...this.intended(intent), issued], intent.guard);
    this.announced = true;
    return this.send(id, command);
  }

  async commandWithoutLog<T>(command: Command<T>): Promise<T> {
    const id = randomUUID();
    this.lease.assertHeld();
    this.buffer.push(
      draft('command-issued', { command: id, target: command.target, action: command.action }),
    );
    return this.send(id, command);
  }

  record(facts: JsonObject): void {
    this.buffer.push(draft('fact-recorded', { facts: this.tools.redact(facts) as JsonObject }));
  }

  step(name: string, data?: Json): void {
    this.buffer.push(draft('step-completed', { phase: this.current.phase, step: name, data }));
  }

  async persist(intent: Intent = {}): Promise<void> {
    await this.store(this.intended(intent), intent.guard);
  }

  async releaseGuard(): Promise<void> {
    if (!this.current.guard) return;
    const askedAt = this.tools.monotonic();
    const released = draft('guard-released', { guard: this.current.guard.name });
    await this.append(() => [released], { unguardMs: this.tools.leaseMs });
    this.lease.guardReleased(askedAt);
  }

  async refresh(): Promise<void> {
    this.current = await this.tools.log.load(this.workflowId);
  }

  async startChild(definitionName: string, childId: string, input: JsonObject): Promise<void> {
    if (this.current.children[childId] !== undefined) return;
    const drafts = decideStart(this.tools.registry.definition(definitionName), input, this.workflowId);
    const actor = `parent:${this.workflowId}`;
    this.lease.assertHeld();
    await this.tools.log
      .append(initialState(childId), drafts, { actor, commandId: `start-${childId}` })
      .catch((error: unknown) => {
        if (!(error instanceof VersionConflict)) throw error; // Started by an earlier attempt.
      });
    await this.append(() => [draft('child-started', { child: childId, workflow: definitionName })]);
  }

  /** Appends what the phase's outcome means, decided on the state as it then is, and gives the attempt back. */
  async conclude(decide: (state: WorkflowState) => DraftEvent[]): Promise<WorkflowState> {
    await this.append(decide, { endAttempt: true });
    return this.current;
  }

  private announcement(): DraftEvent[] {
    if (this.announced) return [];
    const { phase, direction } = this.current;
    return [draft('attempt-started', { phase, direction, worker: this.tools.worker })];
  }

  private intended({ facts, guard, pointOfNoReturn }: Intent): DraftEvent[] {
    const drafts: DraftEvent[] = [];
    if (facts) drafts.push(draft('fact-recorded', { facts: this.tools.redact(facts) as JsonObject }));
    if (guard) drafts.push(draft('guard-armed', { guard: guard.name, expiresInMs: guard.expiresInMs }));
    if (pointOfNoReturn && !this.current.committed) {
      drafts.push(draft('point-of-no-return-passed', { phase: this.current.phase, reason: pointOfNoReturn }));
    }
    return drafts;
  }

  private async store(drafts: DraftEvent[], guard: Intent['guard']): Promise<void> {
    this.lease.assertHeld();
    const askedAt = this.tools.monotonic();
    await this.append(() => drafts, guard ? { guardMs: guard.expiresInMs } : {});
    if (guard) this.lease.guardArmed(askedAt, guard.expiresInMs);
  }

  private async send<T>(id: string, command: Command<T>): Promise<T> {
    const sentAt = this.tools.monotonic();
    const took = (): number => Math.round(this.tools.monotonic() - sentAt);
    try {
      const reply = await command.send(() => this.lease.assertHeld());
      const kept = command.record?.(reply);
      this.replied(id, took(), kept === undefined ? {} : { reply: this.tools.redact(kept) });
      return reply;
    } catch (error) {
      this.replied(id, took(), { problem: problemOf(error, this.tools.redact) });
      throw error;
    }
  }

  private replied(command: string, tookMs: number, outcome: { reply?: Json; problem?: Problem }): void {
    this.buffer.push(draft('command-replied', { command, tookMs, ...outcome }));
  }

  /**
   * Appends what is buffered and what `decide` adds. When others appended meanwhile, goes on behind them if that is still right.
   * After a refusal nothing of `decide` is stored; after LogUnavailable that is not known, and the next append finds it out.
   */
  private async append(
    decide: (state: WorkflowState) => DraftEvent[],
    options: LeaseChange = {},
  ): Promise<void> {
    for (let round = 0; round < maxRebases; round += 1) {
      await this.settle();
      const kept = this.buffer;
      const drafts = [...kept, ...decide(this.current)];
      if (drafts.length === 0) return;
      const batch = { drafts, options, commandId: randomUUID() };
      try {
        this.current = await this.appendInTime(batch);
        this.buffer = [];
        return;
      } catch (error) {
        if (error instanceof LogUnavailable) this.unsure = { commandId: batch.commandId, kept: kept.length };
        if (!(error instanceof VersionConflict)) throw error;
      }
      await this.rebase(options.endAttempt === true);
    }
    throw new LeaseLost(this.workflowId, 'others append to it without a pause');
  }

  /** Finds out whether the last batch was stored, if that is open: what was buffered then must not be stored twice. */
  private async settle(): Promise<void> {
    if (!this.unsure) return;
    const stored = await this.tools.log.knows(this.workflowId, this.unsure.commandId);
    if (stored) {
      this.buffer = this.buffer.slice(this.unsure.kept);
      await this.refresh();
    }
    this.unsure = undefined;
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
    const { log, worker, appendTimeoutMs } = this.tools;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const noAnswer = new Error(`no answer within ${appendTimeoutMs} ms`);
      timer = setTimeout(() => reject(new LogUnavailable(this.workflowId, noAnswer)), appendTimeoutMs);
    });
    const actor = `worker:${worker}`;
    const appended = log.append(this.current, drafts, {
      actor,
      commandId,
      token: this.lease.token,
      ...options,
    });
    appended.catch(() => undefined); // When the time-out wins, the late answer has no other listener.
    return Promise.race([appended.then(({ state }) => state), late]).finally(() => clearTimeout(timer));
  }
}

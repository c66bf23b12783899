import type { Redis } from 'ioredis';
import type { DraftEvent, WorkflowEvent } from '../events';
import { seal } from '../hash-chain';
import { fold, initialState, isEnded, type WorkflowState } from '../state';
import { summaryText, type WorkflowSummary } from '../summary';
import { jobId, nextWork, type Work } from '../work';
import { LeaseLost, LogUnavailable, LogUnreadable, ResourceHeld, VersionConflict } from '../workflow.errors';
import { appendScript } from './append.lua';
import { hashOf, readEntry, type StreamEntry } from './event-codec';
import type { Keys } from './keys';
import { StateCache } from './state-cache';

/** What an outbox entry asks the relay to do. */
export type OutboxEntry =
  | { readonly kind: 'job'; readonly work: Work }
  | {
      readonly kind: 'child-ended';
      readonly parent: string;
      readonly child: string;
      readonly status: 'completed' | 'cancelled';
    };

export interface AppendOptions {
  readonly actor: string;
  /** The same id a second time appends nothing and answers with the version of the first time. */
  readonly commandId?: string;
  /** The attempt's token: the append is refused when its lease is lost. */
  readonly token?: string;
  /** Gives the attempt back in the same step. */
  readonly endAttempt?: true;
  /** Puts the attempt under a guard that ends in so many ms. */
  readonly guardMs?: number;
  /** Takes the guard off; the lease then lasts so many ms. */
  readonly unguardMs?: number;
}

export interface Appended {
  readonly state: WorkflowState;
  readonly events: readonly WorkflowEvent[];
  readonly duplicate: boolean;
}

/** The append-only log of all workflows, one Redis stream each, with its projections kept in the same step. */
export class EventLog {
  private readonly cache = new StateCache(2_000);

  constructor(
    private readonly redis: Redis,
    readonly keys: Keys,
    private readonly now: () => number = Date.now,
  ) {}

  /** The present state; version 0 when there is no such workflow. Throws LogUnavailable. */
  async load(workflowId: string): Promise<WorkflowState> {
    const state =
      (await this.loadBehind(workflowId)) ?? fold(initialState(workflowId), await this.events(workflowId));
    if (state.head.version > 0) this.cache.put(state);
    return state;
  }

  /** What the cache knows and what came after it; nothing when the log no longer holds what the cache knows. */
  private async loadBehind(workflowId: string): Promise<WorkflowState | undefined> {
    const known = this.cache.get(workflowId);
    if (!known) return undefined;
    const [last, ...newer] = await this.entries(workflowId, known.head.version - 1);
    if (last && hashOf(last) === known.head.hash) {
      const events = newer.map((entry) => readEntry(workflowId, entry));
      return fold(known, events);
    }
    // The log was restored from an older copy: what it says counts.
    this.cache.drop(workflowId);
    return undefined;
  }

  /** Events after `afterVersion`, oldest first. Throws LogUnavailable. */
  async events(workflowId: string, afterVersion = 0): Promise<WorkflowEvent[]> {
    return (await this.entries(workflowId, afterVersion)).map((entry) => readEntry(workflowId, entry));
  }

  private entries(workflowId: string, afterVersion: number): Promise<StreamEntry[]> {
    return this.reach(workflowId, () =>
      this.redis.xrange(this.keys.log(workflowId), `(${afterVersion}-0`, '+'),
    );
  }

  /**
   * Appends events behind `state`. Throws VersionConflict when the log went on meanwhile, LeaseLost, ResourceHeld, and
   * LogUnavailable, after which it is not known whether the events were stored.
   */
  async append(
    state: WorkflowState,
    drafts: readonly DraftEvent[],
    options: AppendOptions,
  ): Promise<Appended> {
    const { keys } = this;
    const id = state.id;
    const texts = drafts.map(({ data }) => JSON.stringify(data));
    // As it will be read back: the caller may go on to change what it handed in.
    const plain = drafts.map(
      ({ type, at, actor }, index) =>
        ({ type, data: JSON.parse(texts[index] ?? '') as unknown, at, actor }) as DraftEvent,
    );
    const events = seal(id, state.head, plain, new Date(this.now()).toISOString(), options.actor);
    const next = fold(state, events);
    const starting = state.head.version === 0;
    const ended = isEnded(next);
    const [answer, first, second] = await this.reach(id, () =>
      appendScript.run(
        this.redis,
        ...[keys.log(id), keys.commands(id), keys.attempt(id), keys.attempts, keys.summaries],
        ...[keys.all, keys.open, keys.resources, keys.outbox, keys.feed],
        ...[id, state.head.version, state.head.hash, options.commandId ?? '', options.token ?? ''],
        ...attemptOf(options),
        ...[ended ? 'ended' : '', starting || ended ? JSON.stringify(next.resources) : '', next.startedAt],
        ...[summaryText(next), events.length],
        ...events.flatMap(({ type, at, actor, prev, hash }, index) => [
          ...[type, at, actor, texts[index] ?? '', prev, hash],
        ]),
        ...outboxOf(state, next).map((entry) => JSON.stringify(entry)),
      ),
    );
    switch (answer) {
      case 'appended':
        this.cache.put(next);
        return { state: next, events, duplicate: false };
      case 'duplicate':
        return { state: await this.load(id), events: [], duplicate: true };
      case 'conflict':
        throw new VersionConflict(id, state.head.version, Number(first));
      case 'lease-lost':
        throw new LeaseLost(id, 'another attempt holds it, or its time is over');
      case 'held':
        throw new ResourceHeld(String(first), second ?? 'unknown');
      default:
        throw new LogUnreadable(id, 'append', `the script answered ${String(answer)}`);
    }
  }

  /** Was a batch with this command id stored? */
  async knows(workflowId: string, commandId: string): Promise<boolean> {
    const found = await this.reach(workflowId, () =>
      this.redis.hexists(this.keys.commands(workflowId), commandId),
    );
    return found === 1;
  }

  /** Summaries of the given workflows; missing ones are left out. */
  async summaries(ids: readonly string[]): Promise<WorkflowSummary[]> {
    if (ids.length === 0) return [];
    const texts = await this.reach('workflows', () => this.redis.hmget(this.keys.summaries, ...ids));
    return texts.filter((text) => text !== null).map(readSummary);
  }

  /** Ids of workflows that have not ended, oldest first. */
  async openIds(): Promise<string[]> {
    return this.reach('workflows', () => this.redis.zrange(this.keys.open, 0, -1));
  }

  /** Ids of all workflows, newest first. */
  async ids(offset: number, count: number): Promise<string[]> {
    return this.reach('workflows', () => this.redis.zrevrange(this.keys.all, offset, offset + count - 1));
  }

  /** Who holds each of these resources, or null, in their order. */
  async holders(resources: readonly string[]): Promise<(string | null)[]> {
    if (resources.length === 0) return [];
    return this.reach('workflows', () => this.redis.hmget(this.keys.resources, ...resources));
  }

  private async reach<T>(workflowId: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw new LogUnavailable(workflowId, error);
    }
  }
}

/** Summaries of workflows that began before `touches` was noted lack it. */
function readSummary(text: string): WorkflowSummary {
  const stored = JSON.parse(text) as Omit<WorkflowSummary, 'touches'> & Partial<WorkflowSummary>;
  return { ...stored, touches: stored.touches ?? [] };
}

/** What becomes of the attempt, and for how many ms. */
function attemptOf({ endAttempt, guardMs, unguardMs }: AppendOptions): [string, number] {
  if (endAttempt) return [unguardMs === undefined ? 'end' : 'end-unguarded', 0];
  if (guardMs !== undefined) return ['guard', guardMs];
  return unguardMs === undefined ? ['', 0] : ['unguard', unguardMs];
}

/** What has to be done elsewhere because of the step from `before` to `after`. */
function outboxOf(before: WorkflowState, after: WorkflowState): OutboxEntry[] {
  const entries: OutboxEntry[] = [];
  const [old, due] = [nextWork(before), nextWork(after)];
  if (due && (!old || jobId(old) !== jobId(due))) entries.push({ kind: 'job', work: due });
  if (after.parent && (after.status === 'completed' || after.status === 'cancelled')) {
    entries.push({ kind: 'child-ended', parent: after.parent, child: after.id, status: after.status });
  }
  return entries;
}

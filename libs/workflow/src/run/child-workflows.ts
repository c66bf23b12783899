import { decideStart, type Steering } from '../decide';
import { WorkflowEngine } from '../engine';
import type { JsonObject } from '../json';
import type { ChildStart } from '../phase';
import type { PhaseRegistry } from '../phase-registry';
import { initialState } from '../state';
import type { AttemptLease } from '../store/attempt-lease';
import type { EventLog } from '../store/event-log';
import { ResourceHeld, SteeringRefused, VersionConflict } from '../workflow.errors';

/** What became of children that were to be started. */
export interface ChildrenStarted {
  /** Those that run, or ran, also when an earlier attempt had started them. */
  readonly standing: readonly string[];
  /** Those that could not be started because another workflow holds what they need. */
  readonly held: ReadonlyMap<string, ResourceHeld>;
  /** What else went wrong. Of such a child it is not known whether it was started. */
  readonly failures: readonly unknown[];
}

/**
 * Children worked on in one go. Enough for round trips not to matter; more would keep the process, which may hold clients for
 * another workflow at this moment, busy for too long at a time.
 */
const atOnce = 50;

/** The children of a workflow as an attempt at it deals with them, in the parent's name. */
export class ChildWorkflows {
  constructor(
    private readonly parent: string,
    private readonly lease: AttemptLease,
    private readonly log: EventLog,
    private readonly registry: PhaseRegistry,
  ) {}

  /** Appends the first event of each child. Throws nothing: what went wrong is told together with what stands. */
  async start(definitionName: string, children: readonly ChildStart[]): Promise<ChildrenStarted> {
    const standing: string[] = [];
    const held = new Map<string, ResourceHeld>();
    const failures: unknown[] = [];
    for (const part of parts(children)) {
      const results = await Promise.allSettled(part.map((child) => this.startOne(definitionName, child)));
      for (const [index, { id }] of part.entries()) {
        const result = results[index];
        if (result?.status === 'fulfilled') standing.push(id);
        else if (result?.reason instanceof ResourceHeld) held.set(id, result.reason);
        else failures.push(result?.reason);
      }
      if (failures.length > 0) break;
    }
    return { standing, held, failures };
  }

  /** Facts by child, loaded side by side. `inTime` limits what one part of the loads may take. */
  async facts(
    ids: readonly string[],
    inTime: <T>(answer: Promise<T>) => Promise<T>,
  ): Promise<Map<string, JsonObject>> {
    const facts = new Map<string, JsonObject>();
    for (const part of parts(ids)) {
      const states = await inTime(Promise.all(part.map((id) => this.log.load(id))));
      for (const state of states) facts.set(state.id, state.facts);
    }
    return facts;
  }

  /** Asks something of a child; one that has ended is left alone. */
  async steer(childId: string, request: Steering): Promise<void> {
    this.lease.assertHeld();
    const engine = new WorkflowEngine(this.log);
    await engine.steer(childId, request, { actor: this.actor }).catch((error: unknown) => {
      if (!(error instanceof SteeringRefused)) throw error; // It has ended meanwhile.
    });
  }

  private async startOne(definitionName: string, { id, input }: ChildStart): Promise<void> {
    const drafts = decideStart(this.registry.definition(definitionName), input, this.parent);
    const options = { actor: this.actor, commandId: `start-${id}` };
    // Preparing those before it took time.
    this.lease.assertHeld();
    await this.log.append(initialState(id), drafts, options).catch((error: unknown) => {
      if (!(error instanceof VersionConflict)) throw error; // Started by an earlier attempt.
    });
  }

  private get actor(): string {
    return `parent:${this.parent}`;
  }
}

/** Splits a list into parts of at most `size`. */
export function* parts<T>(all: readonly T[], size = atOnce): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

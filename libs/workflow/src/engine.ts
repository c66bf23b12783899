import { newId } from '@slotferry/platform';
import { decideStart, decideSteering, type Steering } from './decide';
import type { WorkflowDefinition } from './definition';
import type { WorkflowEvent } from './events';
import { type ChainFault, verifyChain } from './hash-chain';
import { canonicalJson, type JsonObject } from './json';
import { initialState, type WorkflowState } from './state';
import type { EventLog } from './store/event-log';
import { summarise, type WorkflowSummary } from './summary';
import { CommandIdReused, VersionConflict, WorkflowNotFound } from './workflow.errors';

export interface StartOptions {
  /** Who asks: `operator:<name>`. */
  readonly actor: string;
  /** Makes the request safe to send twice: the second answer is the first workflow. */
  readonly commandId?: string;
}

export interface ListFilter {
  readonly scope?: string;
  readonly workflow?: string;
  readonly status?: readonly WorkflowSummary['status'][];
  readonly parent?: string;
  /** Only those that work on this, such as `group:lab:1`. */
  readonly touches?: string;
  /** Only those that have not ended: costs by their number, not by that of all workflows there ever were. */
  readonly open?: true;
  /** At most so many, newest first. */
  readonly limit: number;
}

/** Workflows looked at in one go while a list is filled. */
const page = 200;
/** So many writers in a row being faster is told to the caller. */
const maxRounds = 50;

/** The front of the engine for everybody who does not run phases: start, steer, look. */
export class WorkflowEngine {
  constructor(readonly log: EventLog) {}

  /**
   * Starts a workflow: appends its first event, which makes its first job due. Throws ResourceHeld when another workflow holds
   * what it needs.
   */
  async start<I extends JsonObject>(
    definition: WorkflowDefinition<I>,
    input: I,
    options: StartOptions,
  ): Promise<WorkflowSummary> {
    const id = options.commandId ? idFor(definition, options.commandId) : newId(definition.idPrefix);
    try {
      const { state } = await this.log.append(initialState(id), decideStart(definition, input), {
        actor: options.actor,
        commandId: 'start',
      });
      return summarise(sameRequest(state, definition.name, input, options.commandId));
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      return summarise(sameRequest(await this.log.load(id), definition.name, input, options.commandId));
    }
  }

  /** Appends what an operator asks for. Repeating a request that is fulfilled already changes nothing. */
  async steer(workflowId: string, request: Steering, options: StartOptions): Promise<WorkflowSummary> {
    const commandId = options.commandId && `${request.kind}-${options.commandId}`;
    for (let round = 1; ; round += 1) {
      const state = await this.existing(workflowId);
      if (commandId && (await this.log.knows(workflowId, commandId))) return summarise(state);
      const drafts = decideSteering(state, request);
      if (drafts.length === 0) return summarise(state);
      try {
        const appended = await this.log.append(state, drafts, {
          actor: options.actor,
          commandId,
        });
        return summarise(appended.state);
      } catch (error) {
        if (!(error instanceof VersionConflict) || round === maxRounds) throw error;
      }
    }
  }

  /** The workflow that an earlier start with this command id has led to, or null. */
  async startedWith(
    definition: WorkflowDefinition<never>,
    commandId: string,
  ): Promise<WorkflowSummary | null> {
    const state = await this.log.load(idFor(definition, commandId));
    return state.head.version === 0 ? null : summarise(state);
  }

  async get(workflowId: string): Promise<WorkflowState> {
    return this.existing(workflowId);
  }

  async summary(workflowId: string): Promise<WorkflowSummary> {
    return summarise(await this.existing(workflowId));
  }

  /** Events after a version, oldest first. Throws WorkflowNotFound. */
  async history(workflowId: string, afterVersion = 0): Promise<WorkflowEvent[]> {
    const events = await this.log.events(workflowId, afterVersion);
    if (events.length === 0) await this.existing(workflowId);
    return events;
  }

  /** Checks the log of a workflow against its own hashes and its summary: null when nothing is missing or changed. */
  async verify(workflowId: string): Promise<ChainFault | null> {
    // The summary first: events appended meanwhile make the log longer, not shorter.
    const [summary] = await this.log.summaries([workflowId]);
    const events = await this.log.events(workflowId);
    if (!summary && events.length === 0) throw new WorkflowNotFound(workflowId);
    const fault = verifyChain(workflowId, events);
    if (fault || !summary || events.length >= summary.version) return fault;
    return { version: events.length + 1, code: 'gap' };
  }

  /** Summaries that fit the filter, newest first. */
  async list(filter: ListFilter): Promise<WorkflowSummary[]> {
    if (filter.open) return this.listOpen(filter);
    const found: WorkflowSummary[] = [];
    for (let offset = 0; found.length < filter.limit; offset += page) {
      const ids = await this.log.ids(offset, page);
      if (ids.length === 0) break;
      found.push(...(await this.log.summaries(ids)).filter((one) => fits(one, filter)));
    }
    return found.slice(0, filter.limit);
  }

  private async listOpen(filter: ListFilter): Promise<WorkflowSummary[]> {
    const found: WorkflowSummary[] = [];
    const ids = (await this.log.openIds()).reverse();
    for (let offset = 0; offset < ids.length && found.length < filter.limit; offset += page) {
      const summaries = await this.log.summaries(ids.slice(offset, offset + page));
      // One may have ended since the index was read.
      found.push(...summaries.filter((one) => one.endedAt === null && fits(one, filter)));
    }
    return found.slice(0, filter.limit);
  }

  private async existing(workflowId: string): Promise<WorkflowState> {
    const state = await this.log.load(workflowId);
    if (state.head.version === 0) throw new WorkflowNotFound(workflowId);
    return state;
  }
}

/** The id that a command id leads to: the same one every time. */
function idFor(definition: WorkflowDefinition<never>, commandId: string): string {
  return `${definition.idPrefix}-${commandId.toLowerCase().replace(/[^a-z0-9-]/g, '-')}`;
}

function sameRequest(
  state: WorkflowState,
  workflow: string,
  input: JsonObject,
  commandId = '',
): WorkflowState {
  const same = state.workflow === workflow && canonicalJson(state.input) === canonicalJson(input);
  if (!same) throw new CommandIdReused(commandId);
  return state;
}

function fits(one: WorkflowSummary, filter: ListFilter): boolean {
  if (filter.scope !== undefined && one.scope !== filter.scope) return false;
  if (filter.workflow !== undefined && one.workflow !== filter.workflow) return false;
  if (filter.parent !== undefined && one.parent !== filter.parent) return false;
  if (filter.touches !== undefined && !one.touches.includes(filter.touches)) return false;
  return filter.status === undefined || filter.status.includes(one.status);
}

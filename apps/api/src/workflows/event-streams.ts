import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Feed, LogUnavailable, WorkflowEngine, type WorkflowEvent } from '@slotferry/workflow';
import { WakeUp } from './wake-up';

/** A lost wake-up delays an event by at most so many milliseconds. */
const POLL_MS = 1_000;

/** Follows workflows as their events come. All streams end when the process does. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly ending = new AbortController();

  constructor(
    private readonly engine: WorkflowEngine,
    private readonly feed: Feed,
  ) {}

  beforeApplicationShutdown(): void {
    this.ending.abort();
  }

  /** True when there is nothing left to wait for: the workflow has ended and `after` is its last event. Throws WorkflowNotFound. */
  async isOver(workflowId: string, after: number): Promise<boolean> {
    const { endedAt, head } = await this.engine.get(workflowId);
    return endedAt !== null && after >= head.version;
  }

  /** Events after a version, in order, until the one that ends the workflow, or until `signal` is aborted. */
  async *follow(workflowId: string, after: number, signal: AbortSignal): AsyncGenerator<WorkflowEvent> {
    const stop = AbortSignal.any([signal, this.ending.signal]);
    const wakeUp = new WakeUp(POLL_MS, stop);
    const unlisten = this.feed.listen((entry) => {
      if (entry.workflowId === workflowId) wakeUp.ring();
    });
    try {
      for (let last = after; !stop.aborted; await wakeUp.next()) {
        for (const event of await this.eventsAfter(workflowId, last)) {
          if (stop.aborted) return;
          yield event;
          last = event.version;
          if (isTerminal(event)) return;
        }
      }
    } finally {
      unlisten();
    }
  }

  /** While Redis is away there is nothing new; the stream goes on when it is back. */
  private async eventsAfter(workflowId: string, version: number): Promise<WorkflowEvent[]> {
    try {
      return await this.engine.log.events(workflowId, version);
    } catch (error) {
      if (error instanceof LogUnavailable) return [];
      throw error;
    }
  }
}

function isTerminal({ type }: WorkflowEvent): boolean {
  return type === 'workflow-completed' || type === 'workflow-cancelled';
}

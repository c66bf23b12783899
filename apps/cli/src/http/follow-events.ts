import { setTimeout as pause } from 'node:timers/promises';
import { type WorkflowEvent } from '@slotferry/workflow';
import { ApiClient } from './api-client';
import { ApiProblem } from './api-problem';
import { sseEvents } from './sse-events';
import { Unreachable } from './unreachable';

/** The API sends a sign of life every 15 s; a connection silent for longer than two of them is dead. */
const SILENCE_MS = 40_000;
/** How long the API may be away before it is given up. */
const AWAY_MS = 60_000;
const PAUSE_MS = 500;

export interface Following {
  readonly signal: AbortSignal;
  /** Told once for every outage. */
  readonly onLost: (reason: string) => void;
}

/**
 * The events of a workflow from its first, until its last or until the signal is aborted. Connects again after a loss and goes on
 * where it was. Throws ApiProblem, and Unreachable when the API stays away.
 */
export async function* followEvents(
  client: ApiClient,
  url: string,
  workflowId: string,
  { signal, onLost }: Following,
): AsyncGenerator<WorkflowEvent> {
  const path = `/workflows/${encodeURIComponent(workflowId)}/events/stream`;
  let last = 0;
  let lostAt: number | null = null;
  while (!signal.aborted) {
    const silence = new Silence(signal);
    try {
      const chunks = await client.stream(path, last, silence.signal);
      if (!chunks) return;
      lostAt = null;
      for await (const data of sseEvents(chunks)) {
        silence.broken();
        if (data === null) continue;
        const event = JSON.parse(data) as WorkflowEvent;
        last = event.version;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiProblem && error.status < 500) throw error;
      if (lostAt === null) onLost(new Unreachable(url, error).message);
      lostAt ??= Date.now();
      if (Date.now() - lostAt > AWAY_MS)
        throw error instanceof ApiProblem ? error : new Unreachable(url, error);
    } finally {
      silence.end();
    }
    await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Aborts a connection on which nothing has come for too long. */
class Silence {
  private readonly dead = new AbortController();
  private timer = this.arm();
  readonly signal: AbortSignal;

  constructor(outer: AbortSignal) {
    this.signal = AbortSignal.any([outer, this.dead.signal]);
  }

  broken(): void {
    clearTimeout(this.timer);
    this.timer = this.arm();
  }

  end(): void {
    clearTimeout(this.timer);
    // Frees the connection of a reader that stopped in the middle.
    this.dead.abort();
  }

  private arm(): NodeJS.Timeout {
    return setTimeout(() => this.dead.abort(new Error('it has gone silent')), SILENCE_MS);
  }
}

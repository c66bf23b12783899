import { randomUUID } from 'node:crypto';
import { sleep, type Logger } from '@slotferry/platform';
import type { DraftEvent } from '../events';
import type { EventLog } from '../store/event-log';

/** Events of an attempt that could not reach the log, and the batches that may have stored some of them. */
export interface LateBatch {
  readonly workflowId: string;
  readonly drafts: readonly DraftEvent[];
  readonly unsure: readonly { readonly commandId: string; readonly kept: number }[];
}

/** Pause before the next try, in milliseconds. */
const retryMs = 500;

/**
 * Records what was sent to a cluster while the log could not be reached, as soon as it can be: in its own name, because the
 * attempt's lease has mostly run out by then. Only commands and their replies, which change nothing about what is due.
 */
export class LateRecords {
  private readonly stopping = new AbortController();
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly log: EventLog,
    private readonly actor: string,
    private readonly logger: Logger,
  ) {}

  /** Goes on in the background until it is stored, once. */
  add(batch: LateBatch): void {
    const done = this.store(batch, randomUUID()).finally(() => this.pending.delete(done));
    this.pending.add(done);
  }

  /** Ends the tries; what is still not stored goes to the process' own log. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.pending);
  }

  private async store(batch: LateBatch, commandId: string): Promise<void> {
    for (;;) {
      try {
        const drafts = await this.missing(batch);
        if (drafts.length === 0) return;
        const state = await this.log.load(batch.workflowId);
        await this.log.append(state, drafts, { actor: this.actor, commandId });
        return;
      } catch (error) {
        const { workflowId, drafts } = batch;
        if (this.stopping.signal.aborted) {
          const unstored = { workflow: workflowId, commands: drafts, error: String(error) };
          this.logger.error(unstored, 'commands were sent that the event log does not hold');
          return;
        }
        this.logger.warn({ workflow: workflowId, error: String(error) }, 'the event log is not back yet');
      }
      await sleep(retryMs, this.stopping.signal).catch(() => undefined);
    }
  }

  private async missing({ workflowId, drafts, unsure }: LateBatch): Promise<DraftEvent[]> {
    let stored = 0;
    for (const { commandId, kept } of unsure) {
      if (await this.log.knows(workflowId, commandId)) stored = kept;
    }
    return drafts.slice(stored).filter(({ type }) => type === 'command-issued' || type === 'command-replied');
  }
}

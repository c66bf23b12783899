import type { Logger } from '@slotferry/platform';
import type { PhaseRegistry } from '../phase-registry';
import type { AttemptLeases } from '../store/attempt-lease';
import type { EventLog } from '../store/event-log';
import type { Executor } from './executor';

export interface TakeOverOptions {
  readonly log: EventLog;
  readonly leases: AttemptLeases;
  readonly registry: PhaseRegistry;
  readonly executor: Executor;
  readonly logger: Logger;
}

/** Take-overs under way in one process at a time. */
const maxAtOnce = 50;
/** Lapsed attempts read in one go. */
const page = 200;

/**
 * The watchdog's work: takes over what dead and frozen workers left. A take-over may last as long as a phase does, so a look
 * does not wait for it: the next lapsed guard has its own second.
 */
export class TakeOvers {
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(private readonly options: TakeOverOptions) {}

  /** Begins to take over what has lapsed since the last look. */
  async look(): Promise<void> {
    const { log, leases, registry } = this.options;
    for (let skip = 0; this.underWay.size < maxAtOnce; skip += page) {
      const lapsed = await leases.lapsed(skip, page);
      const fresh = lapsed.filter((id) => !this.underWay.has(id));
      const mine = (await log.summaries(fresh)).filter((one) => registry.handles(one.workflow));
      // Clients may stand still behind a guard.
      mine.sort((a, b) => Number(b.guarded) - Number(a.guarded));
      for (const { id } of mine.slice(0, maxAtOnce - this.underWay.size)) this.begin(id);
      if (lapsed.length < page) return;
    }
  }

  /** Waits for those under way. */
  async stop(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  private begin(id: string): void {
    const { executor, logger } = this.options;
    const done = executor
      .takeOver(id)
      .catch((error: unknown) =>
        logger.warn({ workflow: id, error: String(error) }, 'taking over failed and is tried again'),
      )
      .finally(() => this.underWay.delete(id));
    this.underWay.set(id, done);
  }
}

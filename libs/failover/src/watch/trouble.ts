import type { Logger } from '@slotferry/platform';

/** Tells of what goes wrong again and again: once when it begins, once when it is over. */
export class Trouble {
  private readonly present = new Map<string, string>();

  constructor(private readonly logger: Logger) {}

  /** Does something that may fail, and says whether it succeeded. `what`: `the vote on lab`. */
  async attempt<T>(what: string, work: () => Promise<T>): Promise<{ readonly value: T } | null> {
    try {
      const value = await work();
      this.over(what);
      return { value };
    } catch (error) {
      this.tell(what, error);
      return null;
    }
  }

  tell(what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (this.present.has(what)) return;
    this.present.set(what, reason);
    this.logger.warn({ reason }, `${what} failed; tried again until it succeeds`);
  }

  over(what: string): void {
    if (this.present.delete(what)) this.logger.info({}, `${what} succeeds again`);
  }

  /** Why it fails at the moment, or null. */
  reason(what: string): string | null {
    return this.present.get(what) ?? null;
  }
}

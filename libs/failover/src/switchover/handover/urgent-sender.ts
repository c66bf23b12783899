import { type Command, LogUnavailable } from '@slotferry/workflow';
import type { SwitchoverContext } from '../stage';

/** Sends commands that end a hold: with the log if it answers, without it once it did not. Clients do not wait for Redis, and not twice. */
export class UrgentSender {
  /** Found out in this attempt. */
  logIsAway = false;

  constructor(private readonly context: SwitchoverContext) {}

  async send(command: Command<void>): Promise<void> {
    if (!this.logIsAway) {
      try {
        return await this.context.command(command);
      } catch (error) {
        if (!(error instanceof LogUnavailable)) throw error;
        this.logIsAway = true;
      }
    }
    await this.context.commandWithoutLog(command);
  }
}

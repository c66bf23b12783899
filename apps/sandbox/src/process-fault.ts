import { type Condition } from './pika';

/** A process of the sandbox that can fail. */
export interface Faulty {
  crash(): Promise<void>;
  restart(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

export const PROCESS_ACTIONS = ['crash', 'restart', 'freeze', 'thaw'] as const;
export type ProcessAction = (typeof PROCESS_ACTIONS)[number];

/** A process with its name and what was done to it last. */
export class FaultyProcess<T extends Faulty> {
  private present: Condition = 'running';

  constructor(
    readonly name: string,
    readonly process: T,
  ) {}

  get condition(): Condition {
    return this.present;
  }

  /** A process that is down can only be restarted; what does not apply changes nothing. */
  async apply(action: ProcessAction): Promise<void> {
    if (action === 'restart') {
      await this.process.restart();
      this.present = 'running';
      return;
    }
    if (this.present === 'down') return;
    if (action === 'crash') {
      this.present = 'down';
      await this.process.crash();
    } else if (action === 'freeze') {
      this.process.freeze();
      this.present = 'frozen';
    } else {
      this.process.thaw();
      this.present = 'running';
    }
  }
}

import { ProbeConnection, type ProbeTarget } from '@slotferry/pika';
import type { ProbePlan } from './probe-plan';

const everyMs = 1_000;
/** A connection that gives no answer for so long is given up, in milliseconds. */
const limitMs = 10_000;

/**
 * Reads one key of a master every second, over a connection of its own: creating slots holds data commands up and nothing else. What goes
 * wrong with the connection itself is for the other one to judge.
 */
export class DataProbe {
  private connection: ProbeConnection | null = null;
  private connected = false;
  private since = 0;
  private asked: number | null = null;
  private next = 0;
  private lateLast = false;

  constructor(
    private readonly target: ProbeTarget,
    private readonly now: () => number,
  ) {}

  /** Asks when it is time. True when the last answer was late, or the next one is already. */
  tick(now: number, { dataKey, slowMs }: ProbePlan): boolean {
    if (dataKey === null) {
      this.close();
      return false;
    }
    if (this.asked !== null) {
      if (now - this.asked > limitMs) this.close();
      else return this.lateLast || now - this.asked > slowMs;
    }
    if (now >= this.next) this.ask(now, dataKey, slowMs);
    return this.lateLast;
  }

  close(): void {
    this.connection?.destroy();
    this.forget();
  }

  private ask(now: number, key: string, slowMs: number): void {
    this.next = now + everyMs;
    if (!this.connection) {
      this.since = now;
      this.connection = new ProbeConnection(this.target, {
        connected: () => (this.connected = true),
        failed: () => this.forget(),
      });
      return;
    }
    if (!this.connected) {
      if (now - this.since > limitMs) this.close();
      return;
    }
    this.asked = now;
    this.connection.ask(['EXISTS', key], () => {
      this.asked = null;
      this.lateLast = this.now() - now > slowMs;
    });
  }

  private forget(): void {
    this.connection = null;
    this.connected = false;
    this.asked = null;
    this.lateLast = false;
  }
}

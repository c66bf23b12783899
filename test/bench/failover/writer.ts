import { Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';

const everyMs = 2;
const answerLimitMs = 200;

/** Clients that write all the time to wherever they can; the benchmark asks when the first write after a kill was acknowledged. */
export class Writer {
  private readonly clients = new Map<string, Redis>();
  private readonly times: number[] = [];
  private running = true;
  private work: Promise<unknown> = Promise.resolve();

  /**
   * @param places where to write, in this moment
   * @param key of the data that counts
   */
  constructor(
    private readonly places: () => readonly string[],
    private readonly key: string,
  ) {}

  /** As many loops as there may be places. */
  start(loops: number): void {
    this.work = Promise.all(Array.from({ length: loops }, (_, index) => this.run(index)));
  }

  /** Time of the first write that was sent after `since` and acknowledged, or null as long as there is none. */
  firstAfter(since: number): number | null {
    return this.times.find((time) => time > since) ?? null;
  }

  forget(): void {
    this.times.length = 0;
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.work;
    for (const client of this.clients.values()) client.disconnect();
  }

  private async run(index: number): Promise<void> {
    while (this.running) {
      const place = this.places()[index];
      if (place !== undefined) await this.write(place);
      await pause(everyMs);
    }
  }

  private async write(place: string): Promise<void> {
    const sentAt = performance.now();
    try {
      await this.client(place).set(this.key, sentAt);
      this.times.push(performance.now());
    } catch {
      // A refusal, or no answer in time: tried again at once, as every client does.
      this.clients.get(place)?.disconnect();
      this.clients.delete(place);
    }
  }

  private client(place: string): Redis {
    const known = this.clients.get(place);
    if (known) return known;
    const [host = '', port = ''] = place.split(':');
    const client = new Redis({
      host,
      port: Number(port),
      disableClientInfo: true,
      enableReadyCheck: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectTimeout: answerLimitMs,
      commandTimeout: answerLimitMs,
    });
    client.on('error', () => undefined);
    this.clients.set(place, client);
    return client;
  }
}

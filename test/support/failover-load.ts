import { slotOfKey } from '@slotferry/cluster';
import { Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from './eventually';

/** One write that a client was told is done. */
export interface Acknowledged {
  /** `<key> <number>`. */
  readonly id: string;
  /** When it was sent, by `performance.now()`. */
  readonly sentAt: number;
}

const writeEveryMs = 4;
const restAfterErrorMs = 20;
/** A client gives up an answer after this time, in milliseconds, as one that is to go on soon after a failover. */
const usualAnswerLimitMs = 250;
const patienceMs = 20_000;
let runs = 0;

export interface LoadOptions {
  readonly proxies: readonly string[];
  /** A client gives up an answer after this time, in milliseconds. */
  readonly answerLimitMs?: number;
}

/** Clients that write through every proxy to the given slots, whatever happens, and remember what was acknowledged. */
export class FailoverLoad {
  private readonly writers: readonly Writer[];
  private work: Promise<unknown> = Promise.resolve();
  private running = false;

  private constructor(
    slots: readonly number[],
    { proxies, answerLimitMs = usualAnswerLimitMs }: LoadOptions,
  ) {
    const name = `run${(runs += 1)}`;
    this.writers = slots.flatMap((slot) =>
      proxies.map(
        (proxy, index) => new Writer(proxy, slot, `{${tagOf(slot)}}:${name}:client${index}`, answerLimitMs),
      ),
    );
  }

  /** Resolves when every client has had a write acknowledged. */
  static async start(slots: readonly number[], options: LoadOptions): Promise<FailoverLoad> {
    const load = new FailoverLoad(slots, options);
    load.goOn();
    await load.served(0);
    return load;
  }

  /** Where the clients write: a hash for each of them. */
  get places(): readonly { readonly slot: number; readonly key: string }[] {
    return this.writers;
  }

  goOn(): void {
    this.running = true;
    this.work = Promise.all(this.writers.map((writer) => writer.run(() => this.running)));
  }

  /** Resolves when nobody writes any more, until `goOn`. */
  async rest(): Promise<void> {
    this.running = false;
    await this.work;
    for (const writer of this.writers) writer.close();
  }

  /** Resolves when every client has had a write acknowledged that it sent after `since`, by `performance.now()`. */
  async served(since: number): Promise<void> {
    const areServed = (): boolean => this.writers.every((writer) => writer.wasServedAfter(since));
    await eventually('a write of every client', areServed, patienceMs);
  }

  /** Writes that were not acknowledged in time, or refused, since the beginning. */
  get errors(): number {
    return this.writers.reduce((sum, { errors }) => sum + errors, 0);
  }

  /** Ends the writing and reads everything back through a proxy. Returns the acknowledged writes that are gone. */
  async stop(): Promise<Acknowledged[]> {
    await this.rest();
    const lost = await Promise.all(this.writers.map((writer) => writer.lost()));
    for (const writer of this.writers) writer.close();
    return lost.flat();
  }
}

/** One client on one connection at a time. Every write is a field of its own, so that each of them can be missed. */
class Writer {
  errors = 0;
  private next = 1;
  private client: Redis | null = null;
  private readonly acknowledged: (Acknowledged & { readonly number: number })[] = [];

  constructor(
    private readonly proxy: string,
    readonly slot: number,
    readonly key: string,
    private readonly answerLimitMs: number,
  ) {}

  async run(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const succeeded = await this.write();
      await pause(succeeded ? writeEveryMs : restAfterErrorMs);
    }
  }

  wasServedAfter(since: number): boolean {
    return this.acknowledged.some(({ sentAt }) => sentAt >= since);
  }

  async lost(): Promise<Acknowledged[]> {
    const look = async (): Promise<string[] | null> => {
      try {
        return await this.connected().hkeys(this.key);
      } catch {
        this.close();
        return null;
      }
    };
    const there = new Set(await eventually(`${this.key} read back`, look, patienceMs));
    return this.acknowledged.filter(({ number }) => !there.has(String(number)));
  }

  close(): void {
    this.client?.disconnect();
    this.client = null;
  }

  private async write(): Promise<boolean> {
    const number = this.next;
    this.next += 1;
    const sentAt = performance.now();
    try {
      await this.connected().hset(this.key, String(number), '1');
      this.acknowledged.push({ id: `${this.key} ${number}`, number, sentAt });
      return true;
    } catch {
      // Refused, or not answered in time: what becomes of it is not known, and the next one goes over a new connection.
      this.errors += 1;
      this.close();
      return false;
    }
  }

  private connected(): Redis {
    if (this.client) return this.client;
    const [host = '', port = ''] = this.proxy.split(':');
    this.client = new Redis({
      host,
      port: Number(port),
      disableClientInfo: true,
      enableReadyCheck: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectTimeout: this.answerLimitMs,
      commandTimeout: this.answerLimitMs,
    });
    this.client.on('error', () => undefined);
    return this.client;
  }
}

/** A hash tag of the slot. */
function tagOf(slot: number): string {
  for (let number = 0; ; number += 1) if (slotOfKey(`t${number}`, 1_024) === slot) return `t${number}`;
}

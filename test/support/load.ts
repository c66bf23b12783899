import { slotOfKey } from '@slotferry/cluster';
import { Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';

/** What clients saw. */
export interface LoadReport {
  /** Acknowledged writes. */
  readonly writes: number;
  readonly errors: readonly string[];
  /** Longest time a client of the slot asked for waited for one answer, in milliseconds. */
  readonly longestStallMs: (slot: number) => number;
  /** The same over all clients. */
  readonly longestStallOverallMs: number;
  /** Acknowledged writes that are not there any more, or not in their place. */
  readonly lost: readonly string[];
}

const writeEveryMs = 2;
/** A client gives up waiting far later than any hold lasts. */
const answerLimitMs = 30_000;
const valueKeys = 8;
let runs = 0;

/** Clients that write without a pause through every proxy to the given slots. */
export class Load {
  private running = true;
  private report: Promise<LoadReport> | undefined;
  private readonly work: Promise<void>[];

  private constructor(private readonly writers: readonly Writer[]) {
    this.work = writers.map((writer) => writer.run(() => this.running));
  }

  /** Resolves when every client has had its first answer. */
  static async start(proxies: readonly string[], slots: readonly number[]): Promise<Load> {
    const name = `run${(runs += 1)}`;
    const writers = slots.flatMap((slot) =>
      proxies.map((proxy, index) => new Writer(proxy, slot, `${name}:client${index}`)),
    );
    const load = new Load(writers);
    await Promise.all(writers.map((writer) => writer.begun));
    return load;
  }

  /** Ends the writing and reads everything back through a proxy, once. */
  stop(): Promise<LoadReport> {
    this.running = false;
    this.report ??= this.readBack();
    return this.report;
  }

  private async readBack(): Promise<LoadReport> {
    await Promise.all(this.work);
    const lost = await Promise.all(this.writers.map((writer) => writer.lost()));
    const longest = (writers: readonly Writer[]): number =>
      Math.round(Math.max(0, ...writers.map(({ longestStallMs }) => longestStallMs)));
    for (const writer of this.writers) writer.close();
    return {
      writes: this.writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      errors: this.writers.flatMap(({ errors }) => errors),
      longestStallMs: (slot) => longest(this.writers.filter((writer) => writer.slot === slot)),
      longestStallOverallMs: longest(this.writers),
      lost: lost.flat(),
    };
  }
}

/**
 * One client on one connection: it appends its next number to a list, or sets a key to it, one write after the other. The list shows a
 * write that was lost or made twice wherever it was, also when others followed.
 */
class Writer {
  readonly errors: string[] = [];
  readonly begun: Promise<void>;
  acknowledged = 0;
  longestStallMs = 0;
  private next = 1;
  private hasBegun: () => void = () => undefined;
  private readonly list: string;
  private readonly appended: number[] = [];
  private readonly values = new Map<string, number>();
  private readonly redis: Redis;

  constructor(
    proxy: string,
    readonly slot: number,
    name: string,
  ) {
    const [host = '', port = ''] = proxy.split(':');
    this.redis = new Redis({
      host,
      port: Number(port),
      disableClientInfo: true,
      enableReadyCheck: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 5_000,
      commandTimeout: answerLimitMs,
    });
    this.redis.on('error', (error: Error) => this.errors.push(error.message));
    this.begun = new Promise((resolve) => (this.hasBegun = resolve));
    this.list = `{${tagOf(slot)}}:${name}:list`;
  }

  async run(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const number = this.next;
      this.next += 1;
      const sentAt = performance.now();
      await this.write(number).catch((error: unknown) =>
        this.errors.push(`${this.list} ${number}: ${String(error)}`),
      );
      this.longestStallMs = Math.max(this.longestStallMs, performance.now() - sentAt);
      this.hasBegun();
      await pause(writeEveryMs);
    }
  }

  async lost(): Promise<string[]> {
    const there = (await this.redis.lrange(this.list, 0, -1)).map(Number);
    const missing = this.appended.filter((number, index) => there[index] !== number);
    const lost = missing.slice(0, 5).map((number) => `${this.list} lacks ${number}`);
    if (there.length !== this.appended.length)
      lost.push(`${this.list} holds ${there.length} of ${this.appended.length}`);
    for (const [key, number] of this.values) {
      const value = await this.redis.get(key);
      if (value !== String(number)) lost.push(`${key} is ${value}, acknowledged was ${number}`);
    }
    return lost;
  }

  close(): void {
    this.redis.disconnect();
  }

  private async write(number: number): Promise<void> {
    if (number % 2 === 0) {
      await this.redis.rpush(this.list, number);
      this.appended.push(number);
    } else {
      const key = `${this.list.replace(/list$/, 'value')}${number % (2 * valueKeys)}`;
      await this.redis.set(key, number);
      this.values.set(key, number);
    }
    this.acknowledged += 1;
  }
}

/** A hash tag of the slot. */
function tagOf(slot: number): string {
  for (let number = 0; ; number += 1) {
    if (slotOfKey(`t${number}`, 1_024) === slot) return `t${number}`;
  }
}

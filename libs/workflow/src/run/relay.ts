import { sleep, type Logger } from '@slotferry/platform';
import type { Redis } from 'ioredis';
import { endReading } from '../store/end-reading';
import type { Keys } from '../store/keys';
import type { StreamEntry } from '../store/event-codec';
import type { OutboxEntry } from '../store/event-log';

const group = 'relay';
/** One blocking read, in milliseconds. */
const blockMs = 1_000;
/** An entry that another relay has held this long without acknowledging is taken from it, in milliseconds. */
const claimAfterMs = 5_000;
const batch = 200;

export interface RelayOptions {
  /** A connection of its own: reads block it. */
  readonly redis: Redis;
  readonly keys: Keys;
  readonly name: string;
  readonly logger: Logger;
  /** Does what an entry asks for. May be called again for the same entry. */
  readonly deliver: (entries: readonly OutboxEntry[]) => Promise<void>;
}

/**
 * Carries entries of the outbox to where they are worked on, at least once: an entry is removed only after it was delivered,
 * and what a dead relay left unfinished is claimed by a living one. Any number may run.
 */
export class Relay {
  private stopped = false;
  private running: Promise<void> | undefined;
  private claimedAt = 0;

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    this.running = this.run();
  }

  /** Ends within about two seconds, delivery under way aside, and closes the connection. */
  async stop(): Promise<void> {
    this.stopped = true;
    await endReading(this.running, this.options.redis);
  }

  private async run(): Promise<void> {
    const { logger } = this.options;
    while (!this.stopped) {
      try {
        await this.createGroup();
        // What this relay had read before Redis went away is still its own.
        await this.handle(await this.read('0'));
        while (!this.stopped) {
          await this.claimLeftOver();
          await this.handle(await this.read('>'));
        }
      } catch (error) {
        if (this.stopped) return;
        logger.warn({ error: String(error) }, 'the relay lost Redis and tries again');
        await sleep(200);
      }
    }
  }

  private async createGroup(): Promise<void> {
    const { redis, keys } = this.options;
    await redis.xgroup('CREATE', keys.outbox, group, '0', 'MKSTREAM').catch((error: unknown) => {
      if (!String(error).includes('BUSYGROUP')) throw error;
    });
  }

  /** New entries, or those from `0` on that this relay has read and not acknowledged. */
  private async read(from: '>' | '0'): Promise<StreamEntry[]> {
    const { redis, keys, name } = this.options;
    const reply = await redis.xreadgroup(
      ...(['GROUP', group, name, 'COUNT', batch, 'BLOCK', blockMs, 'STREAMS', keys.outbox, from] as const),
    );
    const entries = (reply as [string, [string, string[] | null][]][] | null)?.[0]?.[1] ?? [];
    return entries.filter((entry): entry is StreamEntry => entry[1] !== null);
  }

  private async claimLeftOver(): Promise<void> {
    if (Date.now() - this.claimedAt < claimAfterMs) return;
    this.claimedAt = Date.now();
    const { redis, keys, name } = this.options;
    let cursor = '0-0';
    do {
      const reply = (await redis.xautoclaim(
        keys.outbox,
        group,
        name,
        claimAfterMs,
        cursor,
        'COUNT',
        batch,
      )) as [string, (StreamEntry | null)[]];
      cursor = reply[0];
      await this.handle(reply[1].filter((entry) => entry !== null));
    } while (cursor !== '0-0' && !this.stopped);
  }

  private async handle(entries: readonly StreamEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const { redis, keys, deliver } = this.options;
    await deliver(entries.map(([, [, text = '']]) => JSON.parse(text) as OutboxEntry));
    const ids = entries.map(([id]) => id);
    await redis
      .multi()
      .xack(keys.outbox, group, ...ids)
      .xdel(keys.outbox, ...ids)
      .exec();
  }
}

import { sleep } from '@slotferry/platform';
import type { Redis } from 'ioredis';
import { endReading } from './end-reading';
import type { Keys } from './keys';

/** A workflow has reached a version: one entry for each append, however many events it brought. */
export interface FeedEntry {
  readonly workflowId: string;
  readonly version: number;
  /** Of the event of that version. */
  readonly type: string;
}

/** How long one blocking read waits before it looks whether it should stop, in milliseconds. */
const blockMs = 1_000;

/**
 * Tells listeners in this process that workflows have new events: one blocking connection for any number of listeners. It only
 * wakes them; they read the log from the version they know, so a lost wake-up costs time and loses nothing.
 */
export class Feed {
  private readonly listeners = new Set<(entry: FeedEntry) => void>();
  private stopped = false;
  private reading: Promise<void> | undefined;

  /** `redis` is used for blocking reads only. */
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
  ) {}

  /** Calls `listener` whenever a workflow has new events, until the returned function is called. */
  listen(listener: (entry: FeedEntry) => void): () => void {
    this.listeners.add(listener);
    this.reading ??= this.read();
    return () => this.listeners.delete(listener);
  }

  /** Ends within two seconds and closes the connection. */
  async stop(): Promise<void> {
    this.stopped = true;
    await endReading(this.reading, this.redis);
  }

  private async read(): Promise<void> {
    let last: string | undefined;
    while (!this.stopped) {
      try {
        // Not '$': between two reads that name it, new entries would be missed.
        last ??= (await this.redis.xrevrange(this.keys.feed, '+', '-', 'COUNT', 1))[0]?.[0] ?? '0-0';
        const reply = await this.redis.xread('BLOCK', blockMs, 'STREAMS', this.keys.feed, last);
        for (const [id, [, workflowId = '', , version = '0', , type = '']] of reply?.[0]?.[1] ?? []) {
          last = id;
          for (const listener of this.listeners) listener({ workflowId, version: Number(version), type });
        }
      } catch {
        // Redis is away: the connection comes back by itself; listeners read the log when woken next.
        if (!this.stopped) await sleep(200);
      }
    }
  }
}

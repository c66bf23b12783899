import type { ChainableCommander, Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';

/** How long writes are gathered, in milliseconds. */
const gatherMs = 25;

/**
 * Writes that come within a moment of one another leave in one piece: hundreds of nodes are seen every second, and handing each of them
 * to the system by itself costs more than making it.
 */
export class GatheredWrites {
  private gathered: Gathered | null = null;

  constructor(private readonly redis: Redis) {}

  /** Sets a field of a hash; the last word counts. Resolves when it is stored, rejects with what kept any of those gathered from it. */
  set(key: string, field: string, value: string): Promise<void> {
    const { fields, stored } = this.gather();
    fields.set(key, (fields.get(key) ?? new Map<string, string>()).set(field, value));
    return stored;
  }

  /** The same for other commands. */
  add(write: (pipeline: ChainableCommander) => void): Promise<void> {
    const { writes, stored } = this.gather();
    writes.push(write);
    return stored;
  }

  private gather(): Gathered {
    if (this.gathered) return this.gathered;
    const fields: Gathered['fields'] = new Map();
    const writes: Gathered['writes'] = [];
    const stored = pause(gatherMs).then(() => {
      this.gathered = null;
      return this.store(fields, writes);
    });
    this.gathered = { fields, writes, stored };
    return this.gathered;
  }

  private async store(fields: Gathered['fields'], writes: Gathered['writes']): Promise<void> {
    const pipeline = this.redis.pipeline();
    for (const [key, values] of fields) pipeline.hset(key, ...[...values].flat());
    for (const write of writes) write(pipeline);
    const failed = (await pipeline.exec())?.find(([error]) => error !== null);
    if (failed?.[0]) throw failed[0];
  }
}

interface Gathered {
  readonly fields: Map<string, Map<string, string>>;
  readonly writes: ((pipeline: ChainableCommander) => void)[];
  readonly stored: Promise<void>;
}

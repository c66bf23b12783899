import type { Redis } from 'ioredis';
import { MemoryKeys } from './memory-keys';

/** Wakes listeners in this process when a worker has voted on a cluster. A lost wake-up costs time and loses nothing. */
export class VoteWakes {
  private readonly keys: MemoryKeys;
  private readonly listeners = new Map<string, (worker: string) => void>();

  /** `redis` is used for subscriptions only; it subscribes again by itself after an outage. */
  constructor(
    private readonly redis: Redis,
    namespace: string,
  ) {
    this.keys = new MemoryKeys(namespace);
    redis.on('message', (channel: string, worker: string) => this.listeners.get(channel)?.(worker));
  }

  /** One listener a cluster, told who has voted. Rejects when Redis does not answer. */
  async listen(cluster: string, listener: (worker: string) => void): Promise<void> {
    const channel = this.keys.wake(cluster);
    this.listeners.set(channel, listener);
    await this.redis.subscribe(channel);
  }

  async leave(cluster: string): Promise<void> {
    const channel = this.keys.wake(cluster);
    this.listeners.delete(channel);
    await this.redis.unsubscribe(channel);
  }
}

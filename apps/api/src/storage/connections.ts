import { type OnApplicationShutdown } from '@nestjs/common';
import { type ClusterConnections } from '@slotferry/inventory';
import { type Feed } from '@slotferry/workflow';
import { type Redis } from 'ioredis';

/** The connections of this process, closed after the last request. */
export class Connections implements OnApplicationShutdown {
  constructor(
    readonly redis: Redis,
    private readonly feedRedis: Redis,
    readonly feed: Feed,
    private readonly clusters: ClusterConnections,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    const stopped = this.feed.stop();
    // Ends a read that waits, also while Redis is away.
    this.feedRedis.disconnect();
    this.redis.disconnect();
    await Promise.all([stopped, this.clusters.close()]);
  }
}

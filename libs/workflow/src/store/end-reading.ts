import type { Redis } from 'ioredis';

/** Longer than one blocking read, in milliseconds. */
const patienceMs = 1_500;

/**
 * Waits until a loop of blocking reads has seen that it should stop, then closes its connection. Where Redis is away, the
 * read would never come back: closing the connection ends it.
 */
export async function endReading(reading: Promise<void> | undefined, redis: Redis): Promise<void> {
  const timer = setTimeout(() => redis.disconnect(), patienceMs);
  await reading;
  clearTimeout(timer);
  redis.disconnect();
}

import { ApiError } from './api-error';

/** Redis does not answer; whether a change was stored is not known. */
export class RedisUnavailable extends ApiError {
  constructor(cause: unknown) {
    super(
      503,
      {
        code: 'redis-unavailable',
        message: `Redis cannot be used: ${reasonOf(cause)}`,
        remedy: 'Check the Redis that SLOTFERRY_REDIS_URL names, then repeat the request.',
      },
      undefined,
      { cause },
    );
  }
}

/** The same result, or RedisUnavailable for errors of the connection. Errors of ours pass. */
export async function reachRedis<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && 'remedy' in error) throw error;
    throw new RedisUnavailable(error);
  }
}

/** ioredis tells of its retries where people want to know what became of Redis. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.name === 'MaxRetriesPerRequestError' ? 'nobody answers there' : cause.message;
}

import { Redis, type RedisOptions } from 'ioredis';
import type { Writable } from 'node:stream';

import { type Logger, silentLogger } from './logging';

/**
 * What a connection is for.
 * - `command`: short commands; every one ends within its time limit, also while Redis is away.
 * - `blocking`: commands that wait at the server, such as XREADGROUP BLOCK; they survive an outage.
 * - `queue`: handed to BullMQ, which needs commands to survive an outage.
 */
export type RedisRole = 'command' | 'blocking' | 'queue';

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 5_000;
const LONGEST_RECONNECT_PAUSE_MS = 1_000;

/** Opens a connection that reconnects for ever and tells of an outage once. The caller closes it. */
export function openRedis(
  url: string,
  options: { readonly role: RedisRole; readonly logger?: Logger },
): Redis {
  const redis = new Redis(url, {
    ...ROLE_OPTIONS[options.role],
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(attempt * 50, LONGEST_RECONNECT_PAUSE_MS),
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  redis.on('connect', () => writeTogether(redis.stream));
  tellOfOutages(redis, publicUrl(url), options.role, options.logger ?? silentLogger);
  return redis;
}

/** The URL without user and password, for messages. */
export function publicUrl(url: string): string {
  if (!URL.canParse(url)) return 'an address that is not a URL';
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`;
}

const ROLE_OPTIONS: Readonly<Record<RedisRole, RedisOptions>> = {
  command: { maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS },
  blocking: { maxRetriesPerRequest: null },
  queue: { maxRetriesPerRequest: null },
};

/**
 * Lets commands that are sent in the same turn of the event loop leave in one piece: handing each of them to the system by itself costs
 * more than making it.
 */
function writeTogether(stream: Writable): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let gathering = false;
  const writeLater = (...args: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      stream.cork();
      setImmediate(() => {
        gathering = false;
        stream.uncork();
      });
    }
    return write(...args);
  };
  stream.write = writeLater as Writable['write'];
}

function tellOfOutages(redis: Redis, address: string, role: RedisRole, logger: Logger): void {
  let away = false;
  redis.on('error', (error: Error) => {
    if (away) return;
    away = true;
    logger.error(
      { redis: address, role, reason: error.message },
      'Redis is away; reconnecting until it is back',
    );
  });
  redis.on('ready', () => {
    if (away) logger.info({ redis: address, role }, 'Redis is back');
    away = false;
  });
}

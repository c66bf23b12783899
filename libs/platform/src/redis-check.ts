import { type Redis } from 'ioredis';

import { type Problem } from './errors';
import { withTimeout } from './time';

export type RedisFindingCode =
  'redis-too-old' | 'redis-evicts' | 'redis-not-durable' | 'redis-setting-unknown';

/** Something about a Redis that Slotferry needs otherwise (`error`), or could not find out (`warning`). */
export interface RedisFinding extends Problem {
  readonly code: RedisFindingCode;
  readonly severity: 'error' | 'warning';
}

const CHECK_LIMIT_MS = 5_000;
const OLDEST = [6, 2] as const;

/** What is wrong with a Redis that is to keep the event log; nothing when it is fit. Rejects when it does not answer. */
export async function checkRedis(redis: Redis): Promise<RedisFinding[]> {
  return examineRedisInfo(await withTimeout(redis.info(), CHECK_LIMIT_MS, 'Redis to answer INFO'));
}

/** The same from the text of `INFO`, which managed Redis services answer also where they forbid `CONFIG`. */
export function examineRedisInfo(info: string): RedisFinding[] {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  return [
    examineVersion(field('redis_version')),
    examineEviction(field('maxmemory_policy')),
    examineDurability(field('aof_enabled')),
  ].filter((finding) => finding !== null);
}

function examineVersion(version: string | undefined): RedisFinding | null {
  const match = /^(\d+)\.(\d+)/.exec(version ?? '');
  if (match === null) return unknown('version', 'Make sure that it is Redis 6.2 or later.');
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return {
    severity: 'error',
    code: 'redis-too-old',
    message: `Redis is version ${version}; Slotferry needs 6.2 or later.`,
    remedy: 'Upgrade Redis, or point SLOTFERRY_REDIS_URL to a newer one. Pika cannot take its place.',
  };
}

function examineEviction(policy: string | undefined): RedisFinding | null {
  if (policy === 'noeviction') return null;
  if (policy === undefined) return unknown('maxmemory-policy', 'Make sure that it is noeviction.');
  return {
    severity: 'error',
    code: 'redis-evicts',
    message: `Redis may throw events away when memory runs out: its maxmemory-policy is ${policy}.`,
    remedy: 'Run CONFIG SET maxmemory-policy noeviction and CONFIG REWRITE, or set it in redis.conf.',
  };
}

function examineDurability(enabled: string | undefined): RedisFinding | null {
  if (enabled === '1') return null;
  if (enabled === undefined) return unknown('appendonly', 'Make sure that it is yes.');
  return {
    severity: 'error',
    code: 'redis-not-durable',
    message: 'Redis would lose events in a crash: appendonly is no.',
    remedy:
      'Run CONFIG SET appendonly yes and CONFIG REWRITE, or set it in redis.conf; best with appendfsync always.',
  };
}

function unknown(setting: string, remedy: string): RedisFinding {
  return {
    severity: 'warning',
    code: 'redis-setting-unknown',
    message: `Redis does not tell its ${setting}.`,
    remedy,
  };
}

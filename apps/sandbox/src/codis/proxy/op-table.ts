/** What the proxy knows about a command by its name. */
export interface Operation {
  /** Upper case. */
  readonly name: string;
  readonly isBlocked: boolean;
  /** Whether a replica may answer it. */
  readonly isRead: boolean;
}

const BLOCKED = new Set(
  `ASKING BGREWRITEAOF BGSAVE BITOP BLPOP BRPOP BRPOPLPUSH CLIENT CLUSTER CONFIG DBSIZE DEBUG DISCARD EXEC FLUSHALL FLUSHDB HOST: KEYS
  LASTSAVE LATENCY MIGRATE MONITOR MOVE MSETNX MULTI OBJECT POST PSUBSCRIBE PSYNC PUBLISH PUNSUBSCRIBE RANDOMKEY READONLY READWRITE
  RENAME RENAMENX REPLCONF RESTORE SAVE SCAN SCRIPT SHUTDOWN SLAVEOF SLOTSCHECK SLOTSDEL SLOTSMGRTONE SLOTSMGRTSLOT SLOTSMGRTTAGONE
  SLOTSMGRTTAGSLOT SLOWLOG SUBSCRIBE SYNC TIME UNSUBSCRIBE UNWATCH WAIT WATCH`.split(/\s+/),
);

const READS = new Set(
  `BITCOUNT BITPOS DUMP EXISTS GEODIST GEOHASH GEOPOS GET GETBIT GETRANGE HEXISTS HGET HGETALL HKEYS HLEN HMGET HSCAN HSTRLEN HVALS
  LINDEX LLEN LRANGE MGET PTTL SCARD SDIFF SINTER SISMEMBER SMEMBERS SRANDMEMBER SSCAN STRLEN SUBSTR SUNION TTL TYPE ZCARD ZCOUNT
  ZLEXCOUNT ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE`.split(
    /\s+/,
  ),
);

const MAX_NAME = 64;
const known = new Map<string, Operation>();

/**
 * Looks a command up. A name with any character that is not a letter or `:` skips the table: it is never blocked, and counts as a write.
 * @returns undefined when the name is empty or too long
 */
export function operation(word: Buffer): Operation | undefined {
  if (word.length === 0 || word.length > MAX_NAME) return undefined;
  const written = word.toString('latin1');
  const found = known.get(written) ?? describe(written.toUpperCase());
  if (known.size < 1_000) known.set(written, found);
  return found;
}

function describe(name: string): Operation {
  const isInTable = /^[A-Z:]+$/.test(name);
  return { name, isBlocked: isInTable && BLOCKED.has(name), isRead: isInTable && READS.has(name) };
}

import { type PikaErrorCode } from '@slotferry/pika';

/** Why a command goes through `raw`. The first that matches counts; one that never matches fails. */
export const RAW_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(addslots|delslots) \S+ 0$/, 'the client never names table 0'],
  [
    /^(addslots( x| 3-1)?|info slot (x|0:1|1 2)|slotsslaveof 127\.0\.0\.1 (x 1|\d+ x|\d+ 1 zzz|\d+))$/,
    'malformed on purpose',
  ],
  [/^addtable (x 16|2)$/, 'malformed on purpose'],
  [/^(nonsense 1|info nonsense)?$/, 'no subcommand of Pika'],
  [/^info slot db0:/, 'the client never names table 0'],
  [/^info slot 0-2$/, 'the client asks 3.2.9 for one slot at a time'],
  [/^info table [01]$/, 'the client asks for all tables at once'],
  [/^slotsslaveof no one all$/, 'the client names the slots it detaches'],
  [/^(addtable 1 16|deltable 1)$/, 'the client refuses tables on 3.2.9 by itself, and never deletes any'],
  [
    /^(select|set|get|incr|mset|mget|del|exists|type|ttl|expire|persist|hset|hgetall|lpush|lrange|sadd|smembers|zadd|zrange) /,
    'the client reads keys as fingerprints only, and writes none',
  ],
  [/^(slotshashkey|slotsmgrt-exec-wrapper) /, 'for clients and proxies, not for a control plane'],
  [
    /^(slotsinfo|slotsdel 0|slotsmgrtslot-async .*|slotsmgrt-async-(status|cancel))$/,
    'of the old slot migration, which sharding mode has not',
  ],
  [/^info replication$/, 'tells the role of the node, which is not that of its slots'],
  [
    /^(info (keyspace|stats)|client list|dbsize)$/,
    'figures of the last key scan and of connections, used by nothing',
  ],
  [/^(multi|slaveof no one|role|scan 0|keys \*|nosuchcommand|quit)$/, 'not there in sharding mode'],
  [/^auth x$/, 'sent by the client on its own when it has a password'],
];

/** Error replies as recorded, and what the client must call them. */
export const ERROR_CODES: readonly (readonly [RegExp, PikaErrorCode])[] = [
  [/partition : \d+ exist$/, 'slot-exists'],
  [/partition : \d+ not exist$|Slot \d+ not found!$|no such key$|Partition not found$/, 'slot-not-found'],
  [/in syncing$|in k\w+ state$/, 'in-syncing'],
  [/Server in read-only$/, 'read-only'],
  [/table already exist!$/, 'table-exists'],
  [/table not found!$|invalid Table for '(select)?'$/, 'table-not-found'],
  [/out of range$/, 'out-of-range'],
  [/syntax error$|Invalid Argument$|wrong number of arguments for '\w+' command$/, 'syntax'],
  [/You fucked up$|destination address error$/, 'self-attach'],
  [/connect remote node error$/, 'master-unreachable'],
  [/unknown or unsupported command ['"]\S+['"]$|not supported in current configuration$/, 'unsupported'],
  [/no password is set$/, 'refused'],
];

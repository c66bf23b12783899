import { leaveAttempt } from './attempt.lua';
import { RedisScript } from './redis-script';

/** What the script answers: a word, and what goes with it. */
export type AppendReply = [answer: string, first: string | number, second?: string];

/**
 * Appends events to one workflow, all or nothing:
 * command-id dedupe, the attempt's lease, the expected version, the resources to hold; then the events with explicit ids, the
 * summary, the indexes, the outbox entries, the feed, and the attempt's lease and guard.
 *
 * KEYS 1 log, 2 commands, 3 attempt, 4 attempts, 5 summaries, 6 all, 7 open, 8 resources, 9 outbox, 10 feed
 * ARGV 1 workflow, 2 expected version, 3 hash of the event there, 4 command id or '', 5 token of the attempt or '',
 *      6 what becomes of the attempt: '', 'end', 'end-unguarded', 'guard' or 'unguard', 7 for how many ms, 8 'ended' when the workflow ends here,
 *      9 resources as JSON, when it starts or ends, 10 when it starts: the time, 11 summary, 12 number of events;
 *      then six for each event: type, at, actor, data, prev, hash; then the outbox entries.
 * Returns {'appended', version} | {'duplicate', version} | {'conflict', version} | {'lease-lost', ''} | {'held', resource, holder}
 */
export const appendScript = new RedisScript<AppendReply>(
  'slotferryAppend',
  `
${leaveAttempt}
local id, expected, command, token = ARGV[1], tonumber(ARGV[2]), ARGV[4], ARGV[5]
local attempt, attempt_ms, ended = ARGV[6], ARGV[7], ARGV[8] == 'ended'
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

if command ~= '' then
  local known = redis.call('HGET', KEYS[2], command)
  if known then return {'duplicate', known} end
end

if token ~= '' then
  local lease = redis.call('ZSCORE', KEYS[4], id)
  if not lease or tonumber(lease) <= now or redis.call('HGET', KEYS[3], 'token') ~= token then
    return {'lease-lost', ''}
  end
end

local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local version = 0
if last[1] then version = tonumber(string.match(last[1][1], '^(%d+)')) end
-- The hash tells a log that was restored from an older copy and went on from the one the writer knows.
if last[1] and version == expected and last[1][2][12] ~= ARGV[3] then return {'conflict', version} end
if version ~= expected then return {'conflict', version} end

local resources = {}
if ARGV[9] ~= '' then resources = cjson.decode(ARGV[9]) end
if expected == 0 then
  for _, resource in ipairs(resources) do
    local holder = redis.call('HGET', KEYS[8], resource)
    if holder and holder ~= id then return {'held', resource, holder} end
  end
end

local outbox = 13 + 6 * ARGV[12]
for at = 13, outbox - 1, 6 do
  version = version + 1
  redis.call('XADD', KEYS[1], version .. '-0', 'type', ARGV[at], 'at', ARGV[at + 1], 'actor', ARGV[at + 2],
    'data', ARGV[at + 3], 'prev', ARGV[at + 4], 'hash', ARGV[at + 5])
end
-- One for all of them: whoever it wakes reads the log up to its end.
redis.call('XADD', KEYS[10], 'MAXLEN', '~', '20000', '*', 'workflow', id, 'version', version, 'type', ARGV[outbox - 6])

if command ~= '' then redis.call('HSET', KEYS[2], command, version) end
redis.call('HSET', KEYS[5], id, ARGV[11])
if expected == 0 then
  redis.call('ZADD', KEYS[6], ARGV[10], id)
  redis.call('ZADD', KEYS[7], ARGV[10], id)
  for _, resource in ipairs(resources) do redis.call('HSET', KEYS[8], resource, id) end
end
for at = outbox, #ARGV do redis.call('XADD', KEYS[9], '*', 'entry', ARGV[at]) end

if ended then
  redis.call('ZREM', KEYS[7], id)
  for _, resource in ipairs(resources) do
    if redis.call('HGET', KEYS[8], resource) == id then redis.call('HDEL', KEYS[8], resource) end
  end
  redis.call('EXPIRE', KEYS[2], 86400)
  redis.call('DEL', KEYS[3])
  redis.call('ZREM', KEYS[4], id)
elseif attempt == 'end' or attempt == 'end-unguarded' then
  if attempt == 'end-unguarded' then redis.call('HDEL', KEYS[3], 'guardMs', 'guardUntil') end
  leave(KEYS[3], KEYS[4], id, now)
elseif attempt == 'guard' then
  redis.call('HSET', KEYS[3], 'guardMs', attempt_ms, 'guardUntil', now + attempt_ms)
  redis.call('ZADD', KEYS[4], now + attempt_ms, id)
elseif attempt == 'unguard' then
  redis.call('HDEL', KEYS[3], 'guardMs', 'guardUntil')
  redis.call('ZADD', KEYS[4], now + attempt_ms, id)
end
return {'appended', version}
`,
  10,
);

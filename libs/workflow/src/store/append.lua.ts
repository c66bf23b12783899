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
 * ARGV 1 the request as JSON, 2 the summary; then five for each event: type, at, data, prev, hash; then the outbox entries.
 *      What is stored as it is comes outside of the JSON: escaping it and back costs more than storing it.
 * Returns {'appended', version} | {'duplicate', version} | {'conflict', version} | {'lease-lost', ''} | {'held', resource, holder}
 */
export const appendScript = new RedisScript<AppendReply>(
  'slotferryAppend',
  `
${leaveAttempt}
local request = cjson.decode(ARGV[1])
local id = request.workflowId
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

if request.commandId then
  local known = redis.call('HGET', KEYS[2], request.commandId)
  if known then return {'duplicate', known} end
end

if request.token then
  local lease = redis.call('ZSCORE', KEYS[4], id)
  if not lease or tonumber(lease) <= now or redis.call('HGET', KEYS[3], 'token') ~= request.token then
    return {'lease-lost', ''}
  end
end

local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local version = 0
if last[1] then version = tonumber(string.match(last[1][1], '^(%d+)')) end
-- The hash tells a log that was restored from an older copy and went on from the one the writer knows.
if last[1] and version == request.expected and last[1][2][12] ~= request.head then return {'conflict', version} end
if version ~= request.expected then return {'conflict', version} end

for _, resource in ipairs(request.acquire) do
  local holder = redis.call('HGET', KEYS[8], resource)
  if holder and holder ~= id then return {'held', resource, holder} end
end

local outbox = 3 + 5 * request.events
for at = 3, outbox - 1, 5 do
  version = version + 1
  redis.call('XADD', KEYS[1], version .. '-0', 'type', ARGV[at], 'at', ARGV[at + 1], 'actor', request.actor,
    'data', ARGV[at + 2], 'prev', ARGV[at + 3], 'hash', ARGV[at + 4])
  redis.call('XADD', KEYS[10], 'MAXLEN', '~', '20000', '*', 'workflow', id, 'version', version, 'type', ARGV[at])
end

if request.commandId then redis.call('HSET', KEYS[2], request.commandId, version) end
redis.call('HSET', KEYS[5], id, ARGV[2])
if request.expected == 0 then
  redis.call('ZADD', KEYS[6], request.startedAt, id)
  redis.call('ZADD', KEYS[7], request.startedAt, id)
end
if request.ended then redis.call('ZREM', KEYS[7], id) end
for _, resource in ipairs(request.acquire) do redis.call('HSET', KEYS[8], resource, id) end
for _, resource in ipairs(request.release) do
  if redis.call('HGET', KEYS[8], resource) == id then redis.call('HDEL', KEYS[8], resource) end
end
for at = outbox, #ARGV do redis.call('XADD', KEYS[9], '*', 'entry', ARGV[at]) end

if request.ended then
  redis.call('EXPIRE', KEYS[2], 86400)
  redis.call('DEL', KEYS[3])
  redis.call('ZREM', KEYS[4], id)
elseif request.endAttempt then
  leave(KEYS[3], KEYS[4], id, now)
elseif request.guardMs then
  redis.call('HSET', KEYS[3], 'guardMs', request.guardMs, 'guardUntil', now + request.guardMs)
  redis.call('ZADD', KEYS[4], now + request.guardMs, id)
elseif request.unguardMs then
  redis.call('HDEL', KEYS[3], 'guardMs', 'guardUntil')
  redis.call('ZADD', KEYS[4], now + request.unguardMs, id)
end
return {'appended', version}
`,
  10,
);

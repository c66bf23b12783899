/**
 * Ends an epoch, unless it has ended.
 * KEYS 1 epochs   ARGV 1 group, 2 epoch, 3 end of the block
 */
export const endEpochScript = `
local present = tonumber(redis.call('HGET', KEYS[1], 'epoch:' .. ARGV[1]) or '1')
if present ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'epoch:' .. ARGV[1], present + 1, 'blocked:' .. ARGV[1], ARGV[3])
return 1
`;

/**
 * Ends blocks.
 * KEYS 1 epochs   ARGV 1 group, empty for all
 */
export const acknowledgeScript = `
if ARGV[1] ~= '' then
  if redis.call('HEXISTS', KEYS[1], 'blocked:' .. ARGV[1]) == 1 then redis.call('HSET', KEYS[1], 'blocked:' .. ARGV[1], 0) end
  return 1
end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 8) == 'blocked:' then redis.call('HSET', KEYS[1], field, 0) end
end
return 1
`;

/**
 * Stores a vote under the time of this clock and wakes the listeners.
 * KEYS 1 votes   ARGV 1 worker, 2 vote, 3 channel
 */
export const voteScript = `
local clock = redis.call('TIME')
local now = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))
redis.call('HSET', KEYS[1], ARGV[1], now .. ' ' .. ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[1])
return 1
`;

/**
 * The time of this clock, and all votes as they were stored.
 * KEYS 1 votes
 */
export const votesScript = `
local clock = redis.call('TIME')
return {string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000)), redis.call('HGETALL', KEYS[1])}
`;

/**
 * Adds an entry to the history unless the same was told before.
 * KEYS 1 history, 2 told   ARGV 1 entry, 2 what it is about, 3 its state, 4 its state as long as nothing was told, 5 entries kept
 */
export const addChangeScript = `
if (redis.call('HGET', KEYS[2], ARGV[2]) or ARGV[4]) == ARGV[3] then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[5] - 1)
return 1
`;

/**
 * Keeps a promotion as the last one, and among the past ones; recorded again, it replaces itself.
 * KEYS 1 last promotions, 2 past promotions   ARGV 1 group, 2 promotion, 3 its workflow, 4 promotions kept
 */
export const recordPromotionScript = `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local newest = redis.call('LINDEX', KEYS[2], 0)
if newest and cjson.decode(newest).workflow == ARGV[3] then
  redis.call('LSET', KEYS[2], 0, ARGV[2])
else
  redis.call('LPUSH', KEYS[2], ARGV[2])
  redis.call('LTRIM', KEYS[2], 0, ARGV[4] - 1)
end
return 1
`;

/**
 * Takes the attempt of a workflow if nobody holds it, or its holder's lease has run out.
 * KEYS 1 attempt, 2 attempts   ARGV 1 workflow, 2 token, 3 worker, 4 lease ms
 * Returns {'taken', previous worker or ''} | {'held', ms left, worker}
 */
export const takeAttemptScript = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local lease = redis.call('ZSCORE', KEYS[2], ARGV[1])
local worker = redis.call('HGET', KEYS[1], 'worker') or ''
if lease and tonumber(lease) > now then return {'held', tostring(tonumber(lease) - now), worker} end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'token', ARGV[2], 'worker', ARGV[3])
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[4]), ARGV[1])
if lease then return {'taken', worker} end
return {'taken', ''}
`;

/**
 * Extends the lease of an attempt, never past an armed guard.
 * KEYS 1 attempt, 2 attempts   ARGV 1 workflow, 2 token, 3 lease ms
 * Returns 1, or 0 when the lease is lost.
 */
export const renewAttemptScript = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local lease = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not lease or tonumber(lease) <= now or redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
local till = now + tonumber(ARGV[3])
local guard = redis.call('HGET', KEYS[1], 'guardUntil')
if guard and tonumber(guard) < till then till = tonumber(guard) end
redis.call('ZADD', KEYS[2], till, ARGV[1])
return 1
`;

/**
 * Gives an attempt back.
 * KEYS 1 attempt, 2 attempts   ARGV 1 workflow, 2 token
 */
export const endAttemptScript = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
`;

/**
 * Workflows whose attempt's lease has run out: their worker is dead, frozen or cut off.
 * KEYS 1 attempts   ARGV 1 how many at most
 */
export const lapsedAttemptsScript = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))
`;

import { RedisScript } from './redis-script';

/**
 * Lua function: gives an attempt back. Under an armed guard its workflow stays among the attempts, so that the watchdog comes
 * when the guard's time is over, or a second from now when it is over already. Any job may take it before that.
 */
export const leaveAttempt = `
local function leave(attempt, attempts, id, now)
  local guard = redis.call('HMGET', attempt, 'guardMs', 'guardUntil')
  if not guard[1] then
    redis.call('DEL', attempt)
    redis.call('ZREM', attempts, id)
    return
  end
  redis.call('HDEL', attempt, 'token')
  local till = tonumber(guard[2] or '0')
  if till <= now then till = now + math.min(1000, tonumber(guard[1])) end
  redis.call('ZADD', attempts, till, id)
end
`;

/**
 * Lua function: until when a lease that is asked for now lasts. Never past an armed guard; once the guard's time is over,
 * whoever took over gets no more than such a time at once.
 */
const leaseEnd = `
local function lease_end(attempt, now, ms)
  local guard = redis.call('HMGET', attempt, 'guardMs', 'guardUntil')
  local till = now + tonumber(ms)
  if guard[2] then return math.min(till, tonumber(guard[2])) end
  if guard[1] then return math.min(till, now + tonumber(guard[1])) end
  return till
end
`;

const clock = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
`;

/**
 * Takes the attempt of a workflow if nobody holds it, or its holder's lease has run out.
 * KEYS 1 attempt, 2 attempts   ARGV 1 workflow, 2 token, 3 worker, 4 lease ms, 5 'any', or 'lapsed' to take only what has run out
 * Returns {'taken', worker whose lease had run out or '', ms granted} | {'held', ms left, worker} | {'free'}
 */
export const takeAttemptScript = `
${leaseEnd}
${clock}
local till = tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1]) or '0')
local known = redis.call('HMGET', KEYS[1], 'worker', 'token', 'guardUntil')
local lapsed = till > 0 and till <= now
if till > now and known[2] then return {'held', tostring(till - now), known[1] or ''} end
if not lapsed and ARGV[5] == 'lapsed' then return {'free'} end
if known[3] and tonumber(known[3]) <= now then redis.call('HDEL', KEYS[1], 'guardUntil') end
redis.call('HSET', KEYS[1], 'token', ARGV[2], 'worker', ARGV[3])
till = lease_end(KEYS[1], now, ARGV[4])
redis.call('ZADD', KEYS[2], till, ARGV[1])
local from = ''
if lapsed then from = known[1] or 'unknown' end
return {'taken', from, tostring(till - now)}
`;

/**
 * Extends the lease of an attempt.
 * KEYS 1 attempt, 2 attempts   ARGV 1 workflow, 2 token, 3 lease ms
 * Returns for how many ms, or 0 when the lease is lost.
 */
export const renewAttemptScript = new RedisScript<number>(
  'slotferryRenewAttempt',
  `
${leaseEnd}
${clock}
local lease = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not lease or tonumber(lease) <= now or redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
local till = lease_end(KEYS[1], now, ARGV[3])
redis.call('ZADD', KEYS[2], till, ARGV[1])
return till - now
`,
  2,
);

/**
 * Gives an attempt back.
 * KEYS 1 attempt, 2 attempts   ARGV 1 workflow, 2 token
 */
export const endAttemptScript = new RedisScript<number>(
  'slotferryEndAttempt',
  `
${leaveAttempt}
${clock}
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
leave(KEYS[1], KEYS[2], ARGV[1], now)
return 1
`,
  2,
);

/**
 * Workflows whose attempt's lease has run out: their worker is dead, frozen or cut off, or it left a guard behind.
 * KEYS 1 attempts   ARGV 1 how many to skip, 2 how many at most
 */
export const lapsedAttemptsScript = new RedisScript<string[]>(
  'slotferryLapsedAttempts',
  `
${clock}
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', tonumber(ARGV[1]), tonumber(ARGV[2]))
`,
  1,
);

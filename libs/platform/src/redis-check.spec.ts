import { examineRedisInfo } from './redis-check';

const info = (fields: Record<string, string>): string =>
  ['# Server', ...Object.entries(fields).map(([name, value]) => `${name}:${value}`), ''].join('\r\n');
const FIT = { redis_version: '7.0.15', maxmemory_policy: 'noeviction', aof_enabled: '1' };

describe('examineRedisInfo', () => {
  it.each(['6.2.0', '7.0.15', '8.2.1', '10.0.0'])('is content with Redis %s', (redis_version) => {
    expect(examineRedisInfo(info({ ...FIT, redis_version }))).toEqual([]);
  });

  it.each(['6.0.16', '5.0.3', '3.2.11'])('finds Redis %s too old', (redis_version) => {
    expect(examineRedisInfo(info({ ...FIT, redis_version }))).toEqual([
      expect.objectContaining({ severity: 'error', code: 'redis-too-old' }),
    ]);
  });

  it('finds a Redis that may lose events, with remedies', () => {
    const findings = examineRedisInfo(info({ ...FIT, maxmemory_policy: 'allkeys-lru', aof_enabled: '0' }));
    expect(findings).toEqual([
      expect.objectContaining({ severity: 'error', code: 'redis-evicts' }),
      expect.objectContaining({ severity: 'error', code: 'redis-not-durable' }),
    ]);
    expect(findings[0]?.remedy).toContain('CONFIG SET maxmemory-policy noeviction');
  });

  it('only warns of what a managed Redis does not tell', () => {
    expect(examineRedisInfo(info({ redis_version: '7.2.0' })).map(({ severity }) => severity)).toEqual([
      'warning',
      'warning',
    ]);
  });
});

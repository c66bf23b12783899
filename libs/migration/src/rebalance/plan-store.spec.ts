import { Redis } from 'ioredis';
import { startRedis, type TestRedis } from '../../../../test/support/redis';
import { viewOf } from '../../test/view';
import { defaultRebalanceLimits } from './limits';
import { makePlan } from './plan';
import { PlanNotFound, PlanStore } from './plan-store';

describe('the plan store', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const plan = makePlan('lab', { kind: 'even' }, viewOf([1, 1, 1, 2]), defaultRebalanceLimits);

  it('gives a plan back as it was saved, for a day', async () => {
    const store = new PlanStore(redis, 'spec');
    const saved = await store.save(plan, 'operator:ann');
    expect(saved).toMatchObject({ ...plan, createdBy: 'operator:ann' });
    expect(Date.parse(saved.expiresAt) - Date.parse(saved.createdAt)).toBe(24 * 3_600_000);
    expect(await store.get(saved.id)).toEqual(saved);
    const [key = ''] = await redis.keys(`*${saved.id}`);
    expect(await redis.ttl(key)).toBeGreaterThan(24 * 3_600 - 60);
  });

  it('gives every plan an id of its own', async () => {
    const store = new PlanStore(redis, 'spec');
    const [one, two] = await Promise.all([store.save(plan, 'operator:a'), store.save(plan, 'operator:b')]);
    expect(one.id).not.toBe(two.id);
    expect((await store.get(two.id)).createdBy).toBe('operator:b');
  });

  it('knows neither plans of others nor those whose time is over', async () => {
    const { id } = await new PlanStore(redis, 'spec').save(plan, 'operator:ann');
    await expect(new PlanStore(redis, 'other').get(id)).rejects.toThrow(PlanNotFound);
    const [key = ''] = await redis.keys(`*${id}`);
    await redis.del(key);
    await expect(new PlanStore(redis, 'spec').get(id)).rejects.toMatchObject({ code: 'plan-not-found' });
  });
});

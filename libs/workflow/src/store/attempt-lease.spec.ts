import { startRedis, type TestRedis } from '../../../../test/support/redis';
import { eventually } from '../../test/eventually';
import { armed, disarmed } from '../../test/given';
import { scratch, type Scratch } from '../../test/scratch';
import { AttemptLeases, type AttemptLease, type TakeWhich } from './attempt-lease';

let server: TestRedis;
let space: Scratch;
let leases: AttemptLeases;
let clock = 0;

beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => {
  space = scratch(server.url);
  clock = 0;
  leases = new AttemptLeases(space.redis, space.keys, () => clock);
});
afterEach(() => space.redis.disconnect());

async function take(ms: number, worker = 'w1', which: TakeWhich = 'any'): Promise<AttemptLease> {
  const result = await leases.take('a', worker, ms, which);
  if (!result.taken) throw new Error('held');
  return result.lease;
}
const lapsed = (): Promise<string[]> => leases.lapsed(0, 10);
const lapses = (): Promise<boolean> =>
  eventually('the lease to lapse', async () => (await lapsed()).includes('a'));
const left = async (): Promise<number> => {
  const till = Number(await space.redis.zscore(space.keys.attempts, 'a'));
  return till - Number((await space.redis.time())[0]) * 1_000;
};

describe('AttemptLeases', () => {
  it('gives an attempt to one at a time', async () => {
    const lease = await take(10_000);
    expect(await leases.take('a', 'w2', 10_000)).toMatchObject({ taken: false });
    await leases.end(lease);
    expect((await take(10_000, 'w2')).takenFrom).toBe('');
  });

  it('gives a lapsed attempt to another worker and says whose it was', async () => {
    const old = await take(400);
    expect(await lapsed()).toEqual([]);
    await lapses();
    const lease = await take(10_000, 'w2', 'lapsed');
    expect(lease.takenFrom).toBe('w1');
    expect(await lapsed()).toEqual([]);
    await leases.end(old);
    expect(await leases.take('a', 'w3', 10_000)).toMatchObject({ taken: false });
  });

  it('gives the watchdog nothing that was given back meanwhile', async () => {
    await leases.end(await take(10_000));
    expect(await leases.take('a', 'w2', 10_000, 'lapsed')).toMatchObject({ taken: false });
  });

  it('lets nobody act, and asks Redis for nothing, once an attempt was given back with its outcome', async () => {
    const lease = await take(10_000);
    lease.givenBack();
    expect(() => lease.assertHeld()).toThrow(expect.objectContaining({ code: 'lease-lost' }));
    await leases.end(lease);
    expect(await leases.take('a', 'w2', 10_000)).toMatchObject({ taken: false });
  });

  it('goes on with a Redis that has forgotten its scripts', async () => {
    await leases.end(await take(10_000));
    await space.redis.script('FLUSH');
    await leases.end(await take(10_000));
    expect(await leases.take('a', 'w2', 10_000)).toMatchObject({ taken: true });
  });

  it('ends on the own clock before it ends in Redis', async () => {
    const lease = await take(1_000);
    expect(() => lease.assertHeld()).not.toThrow();
    clock = 899;
    expect(() => lease.assertHeld()).not.toThrow();
    clock = 900;
    expect(() => lease.assertHeld()).toThrow('its lease ran out');
  });

  it('is renewed as long as it is held, and tells when it was lost', async () => {
    const lease = await take(200);
    lease.startRenewing();
    clock = 100;
    await eventually('a renewal', async () => lease.remainingMs() > 100);
    await space.redis.hset(space.keys.attempt('a'), 'token', 'somebody');
    await eventually('the loss', async () => lease.signal.aborted);
    lease.stopRenewing();
    expect(() => lease.assertHeld()).toThrow('another attempt has taken over');
  });

  it('tells its holder when it ran out while Redis was away', async () => {
    const lease = await take(200);
    lease.startRenewing();
    space.redis.disconnect();
    clock = 1_000;
    await eventually('the end', async () => lease.signal.aborted);
    lease.stopRenewing();
  });
});

describe('under a guard', () => {
  async function arm(lease: AttemptLease, guardMs: number): Promise<void> {
    const state = await space.start('a');
    lease.guardArmed(clock, guardMs);
    await space.log.append(state, [armed], { actor: 'worker:w1', token: lease.token, guardMs });
  }

  it('a lease ends with the guard, however often it is renewed', async () => {
    const lease = await take(2_000);
    await arm(lease, 400);
    lease.startRenewing();
    expect(lease.remainingMs()).toBe(360);
    await lapses();
    lease.stopRenewing();
    expect((await take(2_000, 'w2', 'lapsed')).takenFrom).toBe('w1');
  });

  it('a lease that is given back stays on the watch list until the guard is released', async () => {
    const lease = await take(10_000);
    await arm(lease, 300);
    await leases.end(lease);
    await lapses();
    const second = await take(10_000, 'w2', 'lapsed');
    expect(second.remainingMs()).toBeLessThanOrEqual(300);
    await leases.end(second);
    await lapses();
    const third = await take(10_000, 'w3', 'lapsed');
    const state = await space.log.load('a');
    await space.log.append(state, [disarmed], { actor: 'x', token: third.token, unguardMs: 10_000 });
    expect(await left()).toBeGreaterThan(5_000);
    await leases.end(third);
    expect(await space.redis.exists(space.keys.attempts, space.keys.attempt('a'))).toBe(0);
  });

  it('a job may take what was given back before the guard is over, and has no longer than it', async () => {
    const lease = await take(10_000);
    await arm(lease, 5_000);
    await leases.end(lease);
    const next = await take(10_000, 'w2');
    expect(next.takenFrom).toBe('');
    expect(next.remainingMs()).toBeLessThanOrEqual(4_500);
  });
});

import { startRedis, type TestRedis } from '../../../../test/support/redis';
import { completed, paused, resumed } from '../../test/given';
import { fact, scratch, type Scratch } from '../../test/scratch';
import { draft } from '../events';
import { verifyChain } from '../hash-chain';
import { fold, initialState } from '../state';
import { summarise } from '../summary';
import type { AppendOptions } from './event-log';
import { AttemptLeases } from './attempt-lease';

let server: TestRedis;
let space: Scratch;
const ann: AppendOptions = { actor: 'operator:ann' };

beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => void (space = scratch(server.url)));
afterEach(() => space.redis.disconnect());

describe('appending', () => {
  it('keeps events under their versions, chained', async () => {
    const first = await space.start('a');
    const { state } = await space.log.append(first, [fact({ x: 1 }), completed('alpha')], ann);
    expect(state.head.version).toBe(3);
    expect((await space.redis.xrange(space.keys.log('a'), '-', '+')).map(([id]) => id)).toEqual([
      '1-0',
      '2-0',
      '3-0',
    ]);
    const events = await space.another().events('a');
    expect(events.map(({ type }) => type)).toEqual(['workflow-started', 'fact-recorded', 'phase-completed']);
    expect(verifyChain('a', events)).toBeNull();
    expect(await space.log.events('a', 2)).toHaveLength(1);
  });

  it('refuses a writer who does not know the latest event', async () => {
    const old = await space.start('a');
    await space.log.append(old, [fact({ x: 1 })], ann);
    await expect(space.another().append(old, [fact({ x: 2 })], ann)).rejects.toMatchObject({
      code: 'version-conflict',
      actual: 2,
    });
    expect((await space.log.load('a')).facts).toEqual({ x: 1 });
  });

  it('lets one of many writers through', async () => {
    const state = await space.start('a');
    const tries = Array.from({ length: 20 }, (_, x) => space.another().append(state, [fact({ x })], ann));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await space.another().load('a')).head.version).toBe(2);
  });

  it('takes a command once, whatever it expects the second time', async () => {
    const first = await space.start('a');
    const options = { ...ann, commandId: 'c1' };
    const once = await space.log.append(first, [fact({ x: 1 })], options);
    const twice = await space.another().append(first, [fact({ x: 1 })], options);
    expect(once.duplicate).toBe(false);
    expect(twice).toMatchObject({ duplicate: true, events: [] });
    expect(twice.state).toEqual(once.state);
    expect(await space.log.knows('a', 'c1')).toBe(true);
    expect(await space.log.knows('a', 'c2')).toBe(false);
  });

  it('refuses the holder of a lost lease', async () => {
    const state = await space.start('a');
    const leases = new AttemptLeases(space.redis, space.keys, () => performance.now());
    const taken = await leases.take('a', 'w1', 10_000);
    if (!taken.taken) throw new Error('not taken');
    const mine = { ...ann, token: taken.lease.token };
    const { state: next } = await space.log.append(state, [fact({ x: 1 })], mine);
    await leases.end(taken.lease);
    await expect(space.log.append(next, [fact({ x: 2 })], mine)).rejects.toMatchObject({
      code: 'lease-lost',
    });
    expect((await space.log.load('a')).facts).toEqual({ x: 1 });
  });

  it('holds resources until the end, and names who holds them', async () => {
    const state = await space.start('a', 'ball');
    await expect(space.start('b', 'ball')).rejects.toMatchObject({
      code: 'resource-held',
      resource: 'toy:ball',
      holder: 'a',
    });
    expect((await space.log.load('b')).head.version).toBe(0);
    await space.log.append(state, [draft('workflow-completed', { tookMs: 1 })], ann);
    await expect(space.start('b', 'ball')).resolves.toMatchObject({ id: 'b' });
  });

  it('puts a job into the outbox exactly when another one becomes due', async () => {
    let state = await space.start('a');
    for (const one of [fact({ x: 1 }), completed('alpha'), paused, fact({ x: 2 }), resumed]) {
      ({ state } = await space.log.append(state, [one], ann));
    }
    const visits = (await space.outbox()).map((entry) => entry.kind === 'job' && entry.work.visit);
    expect(visits).toEqual([1, 3, 6]);
  });

  it('tells the parent of an end', async () => {
    const state = await space.start('a', 'ball', 'p');
    await space.log.append(state, [draft('workflow-completed', { tookMs: 1 })], ann);
    expect((await space.outbox()).at(-1)).toEqual({
      kind: 'child-ended',
      parent: 'p',
      child: 'a',
      status: 'completed',
    });
    expect(await space.log.openIds()).toEqual([]);
    expect(await space.log.ids(0, 10)).toEqual(['a']);
  });

  it('keeps the summary equal to the fold', async () => {
    let state = await space.start('a');
    for (const one of [fact({ x: 1 }), completed('alpha'), paused]) {
      ({ state } = await space.log.append(state, [one], ann));
      const whole = fold(initialState('a'), await space.another().events('a'));
      expect(await space.log.summaries(['a', 'nobody'])).toEqual([
        JSON.parse(JSON.stringify(summarise(whole))),
      ]);
    }
  });

  it('says that the log cannot be reached', async () => {
    const state = await space.start('a');
    space.redis.disconnect();
    await expect(space.log.load('a')).rejects.toMatchObject({ code: 'log-unavailable' });
    await expect(space.log.append(state, [fact({ x: 1 })], ann)).rejects.toMatchObject({
      code: 'log-unavailable',
    });
  });

  it('says which entry is not an event', async () => {
    await space.redis.xadd(space.keys.log('a'), '1-0', 'type', 'x', 'data', '{');
    await expect(space.log.load('a')).rejects.toMatchObject({ code: 'log-unreadable' });
  });
});

describe('the memory of the log', () => {
  it('takes up what others appended', async () => {
    const state = await space.start('a');
    await space.another().append(state, [fact({ x: 1 })], ann);
    expect(await space.log.load('a')).toEqual(await space.another().load('a'));
  });

  it('does not change with what the caller does to its own data', async () => {
    const facts = { x: 1 };
    await space.log.append(await space.start('a'), [draft('fact-recorded', { facts })], ann);
    facts.x = 2;
    expect((await space.log.load('a')).facts).toEqual({ x: 1 });
  });

  it.each([0, 1, 2, 3])(
    'gives way to a log restored from an older copy that went on by %i events',
    async (steps) => {
      const { redis, keys, log } = space;
      let state = await space.start('a');
      for (const x of [1, 2]) ({ state } = await log.append(state, [fact({ x })], ann));
      const [first] = await redis.xrange(keys.log('a'), '-', '+', 'COUNT', 1);
      await redis.del(keys.log('a'));
      await redis.xadd(keys.log('a'), '1-0', ...(first?.[1] ?? []));
      let other = await space.another().load('a');
      for (let x = 10; x < 10 + steps; x += 1) {
        ({ state: other } = await space.another().append(other, [fact({ x })], ann));
      }
      await expect(log.append(state, [fact({ x: 3 })], ann)).rejects.toMatchObject({
        code: 'version-conflict',
      });
      const seen = await log.load('a');
      expect(seen).toEqual(other);
      await log.append(seen, [fact({ x: 4 })], ann);
      expect(verifyChain('a', await space.another().events('a'))).toBeNull();
    },
  );
});

import { startRedis, type TestRedis } from '../../../test/support/redis';
import { done, wait } from '../src/outcome';
import { eventually } from './eventually';
import { Playground, put, type Run } from './playground';
import { toy } from './toy-workflow';

let server: TestRedis;
let worldServer: TestRedis;
let play: Playground;

beforeAll(async () => {
  [server, worldServer] = await Promise.all([startRedis(), startRedis()]);
});
afterAll(() => Promise.all([server.stop(), worldServer.stop()]));
beforeEach(() => void (play = new Playground(server.url, worldServer.url)));
afterEach(() => play.close());

const slowly: Run = async (context, world) => {
  if (context.elapsedMs() < 300) return wait('time', 'It is too early.', 10);
  return put(context, world);
};
const slow = { alpha: slowly, beta: slowly, gamma: slowly };

async function endsWhole(id: string): Promise<void> {
  expect((await play.ended(id)).status).toBe('completed');
  expect(await play.engine.verify(id)).toBeNull();
  const phases = (await play.events(id, 'phase-completed')).map(({ data }) => 'phase' in data && data.phase);
  expect(phases).toEqual(toy.phases);
  expect(await play.world.things()).toEqual(['alpha', 'beta', 'gamma']);
  expect(await play.engine.log.openIds()).not.toContain(id);
}

it('two workers with a relay each do everything once', async () => {
  play.worker(slow);
  play.worker(slow);
  const ids = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => play.start(name)));
  for (const id of ids) await endsWhole(id);
  expect(await play.world.sent()).toHaveLength(18);
});

it('a workflow ends though its queue is thrown away again and again', async () => {
  play.worker(slow, { reconcileIntervalMs: 100 });
  const id = await play.start();
  for (const phase of toy.phases) {
    await play.until(id, `to reach ${phase}`, (one) => one.phase === phase || one.endedAt !== null);
    await play.loseQueue();
  }
  await endsWhole(id);
});

it('the rest of a job that was lost in part does not stand in the way', async () => {
  const id = await play.start();
  await play.redis.hset(`{${play.namespace}}:toys:${id}-alpha-1`, 'processedOn', '1');
  play.worker({}, { reconcileIntervalMs: 100 });
  await endsWhole(id);
});

it('a workflow ends though Redis is killed in every phase, each event stored once', async () => {
  play.worker(slow);
  const id = await play.start();
  for (const phase of ['alpha', 'beta']) {
    await play.until(id, `to wait in ${phase}`, (one) => one.phase === phase && one.waiting !== null);
    await server.restart();
  }
  await endsWhole(id);
}, 40_000);

it('an outcome waits for Redis to come back', async () => {
  let calls = 0;
  play.worker({
    alpha: async () => {
      calls += 1;
      if (calls === 1) await server.kill();
      if (calls === 1) void server.restart();
      return done();
    },
  });
  const id = await play.start();
  await endsWithout(id);
  expect(calls).toBe(1);

  async function endsWithout(workflow: string): Promise<void> {
    expect((await play.ended(workflow)).status).toBe('completed');
    expect(await play.events(workflow, 'phase-completed')).toHaveLength(3);
  }
}, 40_000);

it('a worker that is stopped finishes the job in flight; another one goes on', async () => {
  const first = play.worker({
    alpha: async (context, world) => {
      void stopped();
      return put(context, world);
    },
  });
  let stopping: Promise<void> | undefined;
  const stopped = (): Promise<void> => (stopping ??= first.stop());
  const id = await play.start();
  await eventually('the stop', async () => stopping !== undefined);
  await stopping;
  expect(await play.world.things()).toContain('alpha');
  play.worker();
  await endsWhole(id);
  expect(await play.world.sent()).toEqual(['put alpha', 'put beta', 'put gamma']);
});

it('a worker stops in time though Redis is away', async () => {
  const worker = play.worker();
  await play.start();
  await server.kill();
  const begun = Date.now();
  await worker.stop();
  expect(Date.now() - begun).toBeLessThan(25_000);
  await server.restart();
}, 60_000);

it('what was sent while the log was away is recorded later, once', async () => {
  let free = false;
  play.worker(
    {
      alpha: async (context, world) => {
        if (free) {
          await context.releaseGuard();
          return done();
        }
        await context.persist({ guard: { name: 'hold', expiresInMs: 3_000 } });
        await server.kill();
        const refused: string = await put(context, world).then(
          () => 'nothing',
          (error: { code: string }) => error.code,
        );
        await context.commandWithoutLog({
          target: 'world',
          action: `free the hold after ${refused}`,
          send: async (gate) => {
            gate();
            await world.put('freed');
          },
        });
        free = true;
        throw new Error('gave up');
      },
    },
    { leaseMs: 3_000 },
  );
  const id = await play.start();
  await eventually('the hold to be freed', async () => (await play.world.things()).includes('freed'));
  await server.restart();
  expect((await play.ended(id)).status).toBe('completed');
  const issued = await eventually('the record', async () => {
    const all = await play.events(id, 'command-issued');
    return all.some((one) => JSON.stringify(one.data).includes('free the hold after log-unavailable')) && all;
  });
  expect(issued.filter((one) => JSON.stringify(one.data).includes('free the hold'))).toHaveLength(1);
  expect(await play.engine.verify(id)).toBeNull();
}, 60_000);

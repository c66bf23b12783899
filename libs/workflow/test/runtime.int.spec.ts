import { startRedis, type TestRedis } from '../../../test/support/redis';
import type { Json } from '../src/json';
import { blocked, done, failed, wait } from '../src/outcome';
import { eventually } from './eventually';
import { problem } from './given';
import { order, Playground, put, type Run } from './playground';
import { toy } from './toy-workflow';

let server: TestRedis;
let play: Playground;
const ann = { actor: 'operator:ann' };

beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => void (play = new Playground(server.url, server.url)));
afterEach(() => play.close());

/** Answers with one outcome after the other; stays with the last. */
function inTurn(...runs: Run[]): Run {
  let calls = 0;
  return (context, world) => (runs[Math.min(calls++, runs.length - 1)] ?? put)(context, world);
}

describe('a workflow', () => {
  it('runs from phase to phase to its end', async () => {
    play.worker();
    const id = await play.start();
    expect((await play.ended(id)).status).toBe('completed');
    expect(await play.world.sent()).toEqual(['put alpha', 'put beta', 'put gamma']);
    expect((await play.events(id)).map(({ type }) => type)).toEqual([
      'workflow-started',
      ...toy.phases.flatMap(() => [
        'attempt-started',
        'command-issued',
        'command-replied',
        'phase-completed',
      ]),
      'workflow-completed',
    ]);
    expect(await play.engine.verify(id)).toBeNull();
  });

  it('keeps every reply of commands that run side by side', async () => {
    play.worker({
      beta: async (context, world) => {
        const things = Array.from({ length: 12 }, (_, index) => `thing ${index}`);
        await Promise.all(things.map((thing) => order(context, 'put', () => world.put(thing))));
        return done();
      },
    });
    const id = await play.start();
    await play.ended(id);
    const [issued, replied] = [
      await play.events(id, 'command-issued'),
      await play.events(id, 'command-replied'),
    ];
    expect(issued).toHaveLength(14);
    expect(replied).toHaveLength(14);
    expect(await play.engine.verify(id)).toBeNull();
  });

  it('knows its own facts before they are stored, the latest of each name', async () => {
    const seen: Json[] = [];
    play.worker({
      beta: async (context, world) => {
        const look = (): number => seen.push(context.facts);
        for (const size of [1, 2]) {
          context.record({ size });
          look();
        }
        context.record({ colour: 'red' });
        look();
        await put(context, world);
        look();
        context.record({ size: 3 });
        look();
        return done();
      },
    });
    const id = await play.start();
    await play.ended(id);
    expect(seen).toEqual([
      { size: 1 },
      { size: 2 },
      { size: 2, colour: 'red' },
      { size: 2, colour: 'red' },
      { size: 3, colour: 'red' },
    ]);
    expect((await play.engine.get(id)).facts).toEqual({ size: 3, colour: 'red' });
  });

  it('waits and looks again, telling it once', async () => {
    play.worker({ beta: inTurn(...Array<Run>(5).fill(async () => wait('lag', 'High.', 10)), put) });
    const id = await play.start();
    await play.ended(id);
    expect(await play.events(id, 'phase-waited')).toHaveLength(1);
  });

  it('is unblocked by an approval, a retry, or because the cause is gone', async () => {
    play.worker({
      alpha: async (context, world) =>
        context.approved('no-luck') ? put(context, world) : blocked(problem, 'operator'),
      beta: inTurn(async () => blocked(problem, 'operator'), put),
      gamma: inTurn(async () => blocked(problem, 'a machine', 20), put),
    });
    const id = await play.start();
    await play.until(id, 'to be blocked at alpha', (one) => one.status === 'blocked');
    await play.engine.steer(id, { kind: 'approve', code: 'no-luck', note: 'fine' }, ann);
    await play.until(id, 'to be blocked at beta', (one) => one.status === 'blocked' && one.phase === 'beta');
    await play.engine.steer(id, { kind: 'retry', reason: 'again' }, ann);
    expect((await play.ended(id)).status).toBe('completed');
  });

  it('tries again after failures, and stops when there are too many', async () => {
    const fault = Object.assign(new Error('boom'), { code: 'boom', remedy: 'none' });
    play.worker({
      alpha: inTurn(
        async () => failed(problem, true),
        () => Promise.reject(fault),
        put,
      ),
      beta: inTurn(...Array<Run>(3).fill(() => Promise.reject(fault)), put),
    });
    const id = await play.start();
    await play.until(id, 'to fail', (one) => one.status === 'failed' && one.phase === 'beta');
    const failures = await play.events(id, 'attempt-failed');
    expect(failures.map(({ data }) => 'problem' in data && data.problem?.code)).toEqual([
      'no-luck',
      'boom',
      'boom',
      'boom',
    ]);
    await play.engine.steer(id, { kind: 'retry', reason: 'again' }, ann);
    expect((await play.ended(id)).status).toBe('completed');
  });

  it('rests while paused', async () => {
    play.worker({ alpha: async () => wait('lag', 'High.', 10), beta: put });
    const id = await play.start();
    await play.until(id, 'to wait', (one) => one.waiting !== null);
    await play.engine.steer(id, { kind: 'pause', reason: 'lunch' }, ann);
    expect(await play.engine.summary(id)).toMatchObject({ status: 'paused', job: null });
    await play.engine.steer(id, { kind: 'resume' }, ann);
    await play.engine.steer(id, { kind: 'cancel', reason: 'enough' }, ann);
    expect((await play.ended(id)).status).toBe('cancelled');
  });

  it('begins no guarded section once it is paused, and does so when it is resumed', async () => {
    const between = gate();
    play.worker({
      alpha: async (context, world) => {
        await put(context, world);
        await between.promise;
        await context.persist({ guard: { name: 'hold', expiresInMs: 1_000 } });
        await context.releaseGuard();
        return done();
      },
    });
    const id = await play.start();
    await eventually('the first command', async () => (await play.world.sent()).includes('put alpha'));
    await play.engine.steer(id, { kind: 'pause', reason: 'lunch' }, ann);
    between.resolve();
    await eventually(
      'the attempt to end',
      async () => (await play.redis.zcard(play.engine.log.keys.attempts)) === 0,
    );
    expect(await play.events(id, 'guard-armed')).toEqual([]);
    expect(await play.engine.summary(id)).toMatchObject({ status: 'paused', phase: 'alpha' });
    await play.engine.steer(id, { kind: 'resume' }, ann);
    expect((await play.ended(id)).status).toBe('completed');
    expect(await play.events(id, 'guard-armed')).toHaveLength(1);
  });

  it('is undone from the phase reached back to the first', async () => {
    play.worker({ beta: async () => wait('lag', 'High.', 10) });
    const id = await play.start();
    await play.until(id, 'to wait', (one) => one.waiting !== null);
    await play.engine.steer(id, { kind: 'cancel', reason: 'enough' }, ann);
    expect(await play.ended(id)).toMatchObject({ status: 'cancelled' });
    expect(await play.world.sent()).toEqual(['put alpha', 'take beta', 'take alpha']);
    expect(await play.world.things()).toEqual([]);
    await expect(play.start()).resolves.toBeDefined();
  });

  it('is interrupted by a cancel before its next command', async () => {
    const between = gate();
    play.worker({
      beta: async (context, world) => {
        await put(context, world);
        await between.promise;
        await order(context, 'put', () => world.put('never'));
        return done();
      },
    });
    const id = await play.start();
    await eventually('the first command', async () => (await play.world.sent()).includes('put beta'));
    await play.engine.steer(id, { kind: 'cancel', reason: 'enough' }, ann);
    between.resolve();
    expect((await play.ended(id)).status).toBe('cancelled');
    expect(await play.world.sent()).not.toContain('put never');
  });

  it('ends its guarded section before a cancel, and sends nothing after it', async () => {
    const armed = gate();
    const cancelled = gate();
    play.worker({
      beta: async (context, world) => {
        await context.persist({ guard: { name: 'hold', expiresInMs: 5_000 } });
        armed.resolve();
        await cancelled.promise;
        await order(context, 'free', () => world.take('hold'));
        await context.releaseGuard();
        await order(context, 'put', () => world.put('never'));
        return done();
      },
    });
    const id = await play.start();
    await armed.promise;
    await play.engine.steer(id, { kind: 'cancel', reason: 'enough' }, ann);
    expect((await play.engine.summary(id)).guarded).toBe(true);
    cancelled.resolve();
    expect((await play.ended(id)).status).toBe('cancelled');
    expect(await play.world.sent()).toEqual(['put alpha', 'take hold', 'take beta', 'take alpha']);
  });

  it('goes forward after a cancel past the point of no return', async () => {
    play.worker({
      alpha: async (context) => {
        await context.persist({ pointOfNoReturn: 'detach' });
        return done();
      },
      beta: inTurn(async () => failed(problem, false), put),
    });
    const id = await play.start();
    await play.until(id, 'to fail', (one) => one.status === 'failed');
    await play.engine.steer(id, { kind: 'cancel', reason: 'enough' }, ann);
    expect((await play.ended(id)).status).toBe('completed');
  });

  it('waits for its children, however fast they end', async () => {
    const parent = { ...toy, name: 'family', idPrefix: 'fa', phases: ['raise'], resources: () => [] };
    play.worker(
      {
        raise: async (context) => {
          const children = Array.from({ length: 12 }, (_, index) => `${context.workflowId}-c${index}`);
          for (const child of children) await context.startChild('toy', child, { name: child });
          return Object.values(context.state.children).some((one) => one === 'open')
            ? wait('children', 'They are not grown up.', 60_000)
            : done();
        },
      },
      {},
      [parent],
    );
    const { id } = await play.engine.start(parent, { name: 'f' }, ann);
    expect(await play.ended(id)).toMatchObject({ status: 'completed', children: { open: 0, completed: 12 } });
    expect(await play.events(id, 'child-ended')).toHaveLength(12);
    expect(await play.engine.list({ parent: id, limit: 100 })).toHaveLength(12);
    expect(await play.engine.verify(id)).toBeNull();
  });

  it('is started once for one command id, and steered once', async () => {
    const start = (name: string) => play.engine.start(toy, { name }, { ...ann, commandId: 'Request 7' });
    const [one, two] = await Promise.all([start('ball'), start('ball')]);
    expect(two.id).toBe(one.id);
    await expect(start('other')).rejects.toMatchObject({ code: 'command-id-reused' });
    play.worker({ alpha: inTurn(async () => failed(problem, false), put) });
    await play.until(one.id, 'to fail', (summary) => summary.status === 'failed');
    const retry = () => play.engine.steer(one.id, { kind: 'retry', reason: '' }, { ...ann, commandId: 'r1' });
    await retry();
    await play.ended(one.id);
    await expect(retry()).resolves.toMatchObject({ status: 'completed' });
    expect(await play.events(one.id, 'retry-requested')).toHaveLength(1);
  });

  it('stores nothing that was not redacted', async () => {
    play.worker(
      {
        alpha: async (context) => {
          context.record({ fact: 'hunter2' });
          context.step('a step', { step: 'hunter2' });
          await context.command({
            target: 'world',
            action: 'auth hunter2',
            send: async () => 'ok hunter2',
            record: (reply) => reply,
          });
          return wait('hunter2', 'waits for hunter2', 10, 'hunter2');
        },
      },
      { redact: (value) => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '***')) as Json },
    );
    const id = await play.start();
    await play.until(id, 'to wait', (one) => one.waiting !== null);
    const stored = JSON.stringify(await play.events(id));
    expect(stored).toContain('waits for ***');
    expect(stored).not.toContain('hunter2');
  });
});

function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((open) => (resolve = open));
  return { promise, resolve };
}

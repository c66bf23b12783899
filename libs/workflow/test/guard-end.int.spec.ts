import { startRedis, type TestRedis } from '../../../test/support/redis';
import { done, wait } from '../src/outcome';
import { Playground } from './playground';

const ann = { actor: 'operator:ann' };
const guard = { name: 'hold', expiresInMs: 300 };

let server: TestRedis;
let play: Playground;
beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => void (play = new Playground(server.url, server.url)));
afterEach(() => play.close());

describe('a guard that ends with the outcome', () => {
  it('is released by the same append, before what the outcome says, and nobody takes over afterwards', async () => {
    play.worker({
      beta: async (context) => {
        await context.persist({ guard });
        context.releaseGuardAtEnd();
        return done();
      },
      gamma: async (context) => (context.elapsedMs() > 600 ? done() : wait('time', 'It is too early.', 50)),
    });
    const id = await play.start();
    expect((await play.ended(id)).status).toBe('completed');
    const types = (await play.events(id)).map(({ type }) => type);
    const released = types.indexOf('guard-released');
    expect(types.slice(released, released + 2)).toEqual(['guard-released', 'phase-completed']);
    expect(types.filter((type) => type === 'guard-released')).toHaveLength(1);
    expect(types).not.toContain('attempt-abandoned');
    expect(await play.redis.zcard(play.engine.log.keys.attempts)).toBe(0);
  });

  it('lets a cancel through that came while it stood', async () => {
    play.worker({
      beta: async (context) => {
        await context.persist({ guard });
        await play.engine.steer(context.workflowId, { kind: 'cancel', reason: 'enough' }, ann);
        context.releaseGuardAtEnd();
        return wait('lag', 'High.', 10_000);
      },
    });
    const id = await play.start();
    expect((await play.ended(id)).status).toBe('cancelled');
    const types = (await play.events(id)).map(({ type }) => type);
    expect(types.indexOf('undo-started')).toBe(types.indexOf('guard-released') + 1);
  });

  it('says nothing where there is no guard', async () => {
    play.worker({
      beta: async (context) => {
        context.releaseGuardAtEnd();
        return done();
      },
    });
    const id = await play.start();
    expect((await play.ended(id)).status).toBe('completed');
    expect(await play.events(id, 'guard-released')).toEqual([]);
  });
});

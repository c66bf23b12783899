import { startRedis, type TestRedis } from '../../../test/support/redis';
import { Playground } from './playground';

let server: TestRedis;
let play: Playground;

beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => void (play = new Playground(server.url, server.url)));
afterEach(() => play.close());

const ann = { actor: 'operator:ann' };

describe('the list of workflows', () => {
  it('can be asked for those that work on one thing', async () => {
    const [ball, bat] = [await play.start('ball'), await play.start('bat')];
    await play.start('car');
    const found = await play.engine.list({ touches: 'shelf:b', limit: 10 });
    expect(found.map(({ id }) => id).sort()).toEqual([ball, bat].sort());
    expect(await play.engine.list({ touches: 'shelf', limit: 10 })).toEqual([]);
  });

  it('can be asked for those that have not ended, newest first', async () => {
    const ended = await play.start('ball');
    play.worker();
    await play.ended(ended);
    await play.close();
    play = new Playground(server.url, server.url, play.namespace);
    const open = [await play.start('bat')];
    await play.engine.steer(open[0] ?? '', { kind: 'pause', reason: 'lunch' }, ann);
    expect(await play.engine.list({ limit: 10 })).toHaveLength(2);
    expect((await play.engine.list({ open: true, limit: 10 })).map(({ id }) => id)).toEqual(open);
    const onShelf = await play.engine.list({ open: true, touches: 'shelf:b', status: ['paused'], limit: 10 });
    expect(onShelf.map(({ id }) => id)).toEqual(open);
  });

  it('looks at open ones alone when asked for those', async () => {
    const gone = await play.start('ball');
    // Without its summary in the index of all, only the index of open ones leads to it.
    await play.redis.del(play.engine.log.keys.all);
    expect(await play.engine.list({ limit: 10 })).toEqual([]);
    expect((await play.engine.list({ open: true, limit: 10 })).map(({ id }) => id)).toEqual([gone]);
  });

  it('finds workflows whose summary was stored before it told what they work on', async () => {
    const id = await play.start('ball');
    const { summaries } = play.engine.log.keys;
    const { touches: _, ...old } = JSON.parse((await play.redis.hget(summaries, id)) ?? '') as {
      touches: string[];
    };
    await play.redis.hset(summaries, id, JSON.stringify(old));
    expect(await play.engine.list({ touches: 'shelf:b', limit: 10 })).toEqual([]);
    expect((await play.engine.list({ open: true, limit: 10 }))[0]).toMatchObject({ id, touches: [] });
  });
});

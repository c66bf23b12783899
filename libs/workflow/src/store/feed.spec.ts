import { openRedis } from '@slotferry/platform';
import { startRedis, type TestRedis } from '../../../../test/support/redis';
import { eventually } from '../../test/eventually';
import { completed } from '../../test/given';
import { fact, scratch } from '../../test/scratch';
import { Feed, type FeedEntry } from './feed';

let server: TestRedis;
beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());

it('wakes listeners once for each append, with the version it led to', async () => {
  const space = scratch(server.url);
  const feed = new Feed(openRedis(server.url, { role: 'blocking' }), space.keys);
  const heard: FeedEntry[] = [];
  try {
    const state = await space.start('a');
    const silence = feed.listen((entry) => heard.push(entry));
    let { state: last } = await space.log.append(state, [fact({ x: 0 })], { actor: 'worker:w' });
    // It hears what comes from the moment on at which it has found the end of the feed.
    while (heard.length === 0) {
      ({ state: last } = await space.log.append(last, [fact({ x: 0 })], { actor: 'worker:w' }));
    }
    await eventually('the last of them', async () => heard.at(-1)?.version === last.head.version);
    heard.length = 0;
    await space.log.append(last, [fact({ x: 1 }), fact({ x: 2 }), completed('alpha')], { actor: 'worker:w' });
    await eventually('the wake-up', async () => heard.length > 0);
    const version = last.head.version + 3;
    expect(heard).toEqual([{ workflowId: 'a', version, type: 'phase-completed' }]);
    silence();
  } finally {
    await feed.stop();
    space.redis.disconnect();
  }
});

import { startRedis, type TestRedis } from '../../../../test/support/redis';
import { scratch, type Scratch } from '../../test/scratch';
import { draft } from '../events';
import { verifyChain } from '../hash-chain';
import type { OutboxEntry } from '../store/event-log';
import { deliver } from './deliver';
import { Queues } from './queues';

let server: TestRedis;
let space: Scratch;
let queues: Queues;

beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => {
  space = scratch(server.url);
  queues = new Queues(space.redis, space.keys, () => false);
});
afterEach(() => space.redis.disconnect());

const ended = (
  parent: string,
  child: string,
  status: 'completed' | 'cancelled' = 'completed',
): OutboxEntry => ({
  kind: 'child-ended',
  parent,
  child,
  status,
});

describe('the ends of children', () => {
  it('are told to their parent in one step, each in the name of its child', async () => {
    await space.start('p');
    const before = (await space.outbox()).length;
    await deliver([ended('p', 'a'), ended('p', 'b', 'cancelled'), ended('p', 'c')], space.log, queues);
    const events = await space.another().events('p');
    expect(events.slice(1)).toMatchObject([
      { actor: 'child:a', data: { child: 'a', status: 'completed' } },
      { actor: 'child:b', data: { child: 'b', status: 'cancelled' } },
      { actor: 'child:c', data: { child: 'c', status: 'completed' } },
    ]);
    expect(verifyChain('p', events)).toBeNull();
    expect((await space.outbox()).slice(before)).toMatchObject([{ kind: 'job', work: { visit: 4 } }]);
  });

  it('are recorded once, however often and by however many relays they are told', async () => {
    await space.start('p');
    const all = ['a', 'b', 'b', 'c'].map((child) => ended('p', child));
    await deliver(all.slice(0, 2), space.log, queues);
    await Promise.all([space.another(), space.another()].map((log) => deliver(all, log, queues)));
    await deliver(all, space.log, queues);
    expect((await space.another().load('p')).children).toEqual({
      a: 'completed',
      b: 'completed',
      c: 'completed',
    });
    expect(await space.log.events('p')).toHaveLength(4);
  });

  it('reach several parents, but none that has ended or was never there', async () => {
    const parents = [await space.start('p'), await space.start('q'), await space.start('r')];
    const [last] = parents.slice(2);
    if (last)
      await space.log.append(last, [draft('workflow-completed', { tookMs: 1 })], { actor: 'worker:w' });
    const all = ['p', 'q', 'r', 'nobody'].flatMap((parent) => [
      ended(parent, `${parent}1`),
      ended(parent, `${parent}2`),
    ]);
    await deliver(all, space.log, queues);
    const counts = ['p', 'q', 'r', 'nobody'].map(async (id) => (await space.log.events(id)).length);
    expect(await Promise.all(counts)).toEqual([3, 3, 2, 0]);
  });
});

import { Worker } from 'bullmq';
import { startRedis, type TestRedis } from '../../../../test/support/redis';
import { eventually } from '../../test/eventually';
import { scratch, type Scratch } from '../../test/scratch';
import type { Work } from '../work';
import { type JobData, Queues } from './queues';

let server: TestRedis;
let space: Scratch;
let queues: Queues;

beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => {
  space = scratch(server.url);
  queues = new Queues(space.redis, space.keys, ({ phase }) => phase === 'patient');
});
afterEach(async () => {
  await queues.close();
  space.redis.disconnect();
});

const work = (workflowId: string, phase: string, dueAt = 0): Work => ({
  workflowId,
  workflow: 'toy',
  queue: 'toys',
  phase,
  direction: 'forward',
  visit: 1,
  dueAt,
});

/** The workflows whose jobs a worker takes, one after the other. */
async function taken(count: number): Promise<string[]> {
  const order: string[] = [];
  const worker = new Worker<JobData>('toys', ({ data }) => Promise.resolve(order.push(data.workflowId)), {
    connection: { url: server.url },
    prefix: space.keys.queuePrefix,
  });
  try {
    await eventually('all jobs', () => Promise.resolve(order.length === count));
  } finally {
    await worker.close();
  }
  return order;
}

describe('the jobs of a queue', () => {
  it('come in the order in which they were added', async () => {
    await queues.add([work('a', 'alpha'), work('b', 'beta'), work('c', 'alpha')]);
    expect(await taken(3)).toEqual(['a', 'b', 'c']);
  });

  it('let others go first where their phase yields, and keep their own order', async () => {
    await queues.add([work('a', 'patient'), work('b', 'patient'), work('c', 'alpha')]);
    await queues.add([work('d', 'alpha')]);
    expect(await taken(4)).toEqual(['c', 'd', 'a', 'b']);
  });

  it('are hastened also where they yield', async () => {
    const hour = 3_600_000;
    await queues.add([work('a', 'patient', Date.now() + hour), work('b', 'alpha')]);
    await queues.hasten([{ queue: 'toys', id: 'a-patient-1' }]);
    expect(await taken(2)).toEqual(['b', 'a']);
  });
});

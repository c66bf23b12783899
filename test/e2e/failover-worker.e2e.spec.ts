import { RedisFailoverMemory } from '@slotferry/failover';
import { ClusterRegistry } from '@slotferry/inventory';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { FailoverProcess } from '../support/failover-process';
import { type Lab, startLab } from '../support/lab';

const namespace = 'slotferry';
const downAfterMs = 1_000;
const patienceMs = 20_000;

/** Failover workers as processes, and what they believe when it is they who fail. */
describe('failover workers', () => {
  let lab: Lab;
  let dataDir: string;
  let memory: RedisFailoverMemory;
  let workers: FailoverProcess[];

  const liveVoters = async (): Promise<string[]> => {
    const { votes } = await memory.votes('lab', 1_500).catch(() => ({ votes: [] }));
    return votes
      .filter(({ nodes }) => nodes.length === 6 && nodes.every(({ silentMs }) => silentMs === 0))
      .map(({ worker }) => worker)
      .sort();
  };
  const untilVoting = (...names: string[]): Promise<unknown> =>
    eventually(
      `votes of ${names.join(', ')} that find all nodes answering`,
      async () => (await liveVoters()).join() === names.join(),
      patienceMs,
    );
  const failovers = async (): Promise<string[]> =>
    (await lab.engine.list({ workflow: 'failover', limit: 10 })).map(({ id }) => id);

  beforeAll(async () => {
    lab = await startLab({ slotsPerGroup: 8 });
    dataDir = await mkdtemp(join(tmpdir(), 'slotferry-failover-'));
    memory = new RedisFailoverMemory(lab.client, namespace);
    const { definition } = lab;
    const failover = { ...definition.failover, downAfterMs };
    await new ClusterRegistry(lab.client, namespace).save({ ...definition, failover }, 'operator:test');
    const hire = (name: string, sourceAddress: string): Promise<FailoverProcess> =>
      FailoverProcess.start({ name, redisUrl: lab.redis.url, sourceAddress, dataDir });
    workers = await Promise.all([hire('f1', '127.0.0.11'), hire('f2', '127.0.0.12')]);
    await untilVoting('f1', 'f2');
  });

  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    await lab.stop();
    await rm(dataDir, { recursive: true });
  });

  it('that were frozen accuse nobody when they go on', async () => {
    for (const worker of workers) worker.freeze();
    await pause(4 * downAfterMs);
    for (const worker of workers) worker.thaw();
    await untilVoting('f1', 'f2');
    expect(await failovers()).toEqual([]);
  });

  it('go on as before when Redis was away for a while', async () => {
    await lab.redis.kill();
    await pause(2 * downAfterMs);
    await lab.redis.restart();
    await untilVoting('f1', 'f2');
    expect(await failovers()).toEqual([]);
  });

  it('that are left alone still replace a master, as a majority of those that live', async () => {
    await workers[0]?.kill();
    await untilVoting('f2');
    const dead = lab.node('pika1');
    await dead.crash();
    await lab.untilEnded('fo-lab-1-1', patienceMs);
    const { groups } = await lab.connections.open(lab.definition).router.view();
    expect(groups.find(({ id }) => id === 1)?.servers[0]).toBe(lab.node('pika2').address);
  });
});

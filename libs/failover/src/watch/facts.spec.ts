import { ClusterConnections } from '@slotferry/inventory';
import { Redactor } from '@slotferry/platform';
import { type Lab, startLab } from '../../../../test/support/lab';
import { failoverDefinition } from '../definitions';
import { RedisFailoverMemory } from '../store/redis-failover-memory';
import { epochToCome, type Facts, type FactSources, readFacts } from './facts';

describe('the facts of a cluster', () => {
  let lab: Lab;
  let connections: ClusterConnections;
  let memory: RedisFailoverMemory;
  let sources: FactSources;

  const read = async (last: Facts | null, limitMs = 5_000): Promise<Facts> => {
    const facts = await readFacts(sources, last, limitMs);
    if (!facts) throw new Error('nothing is known');
    return facts;
  };

  beforeEach(async () => {
    lab = await startLab({ slotsPerGroup: 2 });
    connections = new ClusterConnections(new Redactor());
    memory = new RedisFailoverMemory(lab.client, 'slotferry');
    const { router } = connections.open(lab.definition);
    sources = { cluster: 'lab', memory, engine: lab.engine, router };
  });
  afterEach(async () => {
    await connections.close();
    await lab.stop();
  });

  it('tell the groups, and those whose failover is under way', async () => {
    const first = await read(null);
    expect(first.groups.map(({ id, master }) => [id, master])).toEqual([
      [1, lab.node('pika1').address],
      [2, lab.node('pika3').address],
      [3, lab.node('pika5').address],
    ]);
    const dead = { cluster: 'lab', group: 2, epoch: 1, master: 'a:1', approvalNeeded: false };
    await lab.engine.start(failoverDefinition, dead, { actor: 'worker:w1' });
    await memory.setMaintenance('lab', { since: 1, by: 'operator:ann', reason: 'disks' });
    const second = await read(first);
    expect([...second.underWay]).toEqual([2]);
    expect(second.maintenance).toBe(true);
    expect([...(await read(second)).underWay]).toEqual([2]);
  });

  it('keep the last view while the router is away or hangs, and say why', async () => {
    expect(
      await readFacts({ ...sources, router: connections.open(lab.definition).router }, null, 0),
    ).toBeNull();
    const first = await read(null);
    await lab.sandbox.dashboard.apply('freeze');
    const hanging = await read(first, 100);
    expect(hanging.view).toBe(first.view);
    expect(hanging.routerProblem).toBe('no answer within 100 ms');
    await lab.sandbox.dashboard.apply('thaw');
    await lab.sandbox.dashboard.apply('crash');
    const away = await read(hanging);
    expect(away.groups).toBe(first.groups);
    expect(away.routerProblem).not.toBeNull();
    await lab.sandbox.dashboard.apply('restart');
    expect((await read(away)).routerProblem).toBeNull();
  });

  it('allow no failover by a view that may be older than the last one', async () => {
    const first = await read(null);
    expect(epochToCome(first, 1)).toBe(1);
    await memory.endEpoch('lab', 1, { epoch: 1, blockedUntil: 0 });
    await lab.sandbox.dashboard.apply('freeze');
    const stale = await read(first, 100);
    expect([epochToCome(stale, 1), epochToCome(stale, 2)]).toEqual([null, 1]);
    await lab.sandbox.dashboard.apply('thaw');
    expect(epochToCome(await read(stale), 1)).toBe(2);
  });
});

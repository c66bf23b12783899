import type { NodeVote } from '@slotferry/cluster';
import { openRedis } from '@slotferry/platform';
import type { Redis } from 'ioredis';
import { eventually } from '../../../../test/support/eventually';
import { startRedis, type TestRedis } from '../../../../test/support/redis';
import { RedisFailoverMemory } from './redis-failover-memory';
import type { FoundNow, HistoryEntry, Promotion, SeenNode } from './types';
import { VoteWakes } from './vote-wakes';

const answering = (node: string): NodeVote => ({ node, condition: 'answering', silentMs: 0, startedAt: 5 });
const entry = (group: number, code: string): HistoryEntry => ({
  at: 1,
  group,
  kind: 'detection',
  code,
  message: `${code} of ${group}`,
  workflow: null,
  details: null,
});

describe('the memory of failovers', () => {
  let server: TestRedis;
  let redis: Redis;
  let memory: RedisFailoverMemory;
  let spaces = 0;

  beforeAll(async () => {
    server = await startRedis();
    redis = openRedis(server.url, { role: 'command' });
  });
  beforeEach(() => {
    memory = new RedisFailoverMemory(redis, `space${(spaces += 1)}`);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('keeps whom the slots of a node followed', async () => {
    const followed = [{ table: 0, slots: '0-3,8', master: '10.0.0.1:9221', at: 5 }];
    await memory.setFollowed('lab', '10.0.0.2:9221', followed);
    expect(await memory.followed('lab', ['10.0.0.2:9221', '10.0.0.3:9221'])).toEqual(
      new Map([
        ['10.0.0.2:9221', followed],
        ['10.0.0.3:9221', []],
      ]),
    );
    expect(await memory.followed('lab', [])).toEqual(new Map());
  });

  describe('of a group', () => {
    it('begins with epoch 1, no block and no promotion', async () => {
      expect(await memory.group('lab', 1)).toEqual({ epoch: 1, blockedUntil: 0, promotion: null });
      expect(await memory.epochs('lab')).toEqual(new Map());
    });

    it('moves on once, however many end the epoch', async () => {
      const end = { epoch: 1, blockedUntil: 1_700_000_000_000 };
      await Promise.all([memory.endEpoch('lab', 1, end), memory.endEpoch('lab', 1, end)]);
      expect(await memory.group('lab', 1)).toMatchObject({ epoch: 2, blockedUntil: 1_700_000_000_000 });
      await memory.endEpoch('lab', 1, { epoch: 1, blockedUntil: 9 });
      expect(await memory.epochs('lab')).toEqual(
        new Map([[1, { epoch: 2, blockedUntil: 1_700_000_000_000 }]]),
      );
    });

    it('ends the block of one group, or of all', async () => {
      for (const group of [1, 2, 3]) await memory.endEpoch('lab', group, { epoch: 1, blockedUntil: 100 });
      await memory.acknowledge('lab', 2);
      expect((await memory.group('lab', 2)).blockedUntil).toBe(0);
      expect((await memory.group('lab', 3)).blockedUntil).toBe(100);
      await memory.acknowledge('lab', null);
      expect([...(await memory.epochs('lab')).values()].map((one) => one.blockedUntil)).toEqual([0, 0, 0]);
      expect((await memory.group('lab', 1)).epoch).toBe(2);
    });

    it('keeps past promotions, oldest first, each once however often it is recorded', async () => {
      const promotion = (workflow: string, at: number): Promotion => ({
        workflow,
        at,
        oldMaster: '10.0.0.1:9221',
        newMaster: '10.0.0.2:9221',
        positions: new Map(),
      });
      for (const number of [1, 2, 2]) {
        await memory.recordPromotion('lab', 1, promotion(`fo-${number}`, number));
      }
      const kept = await memory.promotions('lab', 1);
      expect(kept).toEqual([promotion('fo-1', 1), promotion('fo-2', 2)]);
      for (let number = 3; number < 12; number += 1) {
        await memory.recordPromotion('lab', 1, promotion(`fo-${number}`, number));
      }
      expect((await memory.promotions('lab', 1)).map(({ at }) => at)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
      expect(await memory.promotions('lab', 2)).toEqual([]);
    });

    it('keeps the last promotion with all its positions', async () => {
      const promotion = (newMaster: string): Promotion => ({
        workflow: 'fo-lab-1-1',
        at: 7,
        oldMaster: '10.0.0.1:9221',
        newMaster,
        positions: new Map([
          [0, new Map([[3, { file: 1, offset: 236 }]])],
          [2, new Map([[0, { file: 0, offset: 0 }]])],
        ]),
      });
      await memory.recordPromotion('lab', 1, promotion('10.0.0.2:9221'));
      await memory.recordPromotion('lab', 1, promotion('10.0.0.3:9221'));
      expect((await memory.group('lab', 1)).promotion).toEqual(promotion('10.0.0.3:9221'));
      expect((await memory.group('lab', 2)).promotion).toBeNull();
      expect(await memory.promotedGroups('lab')).toEqual([1]);
    });
  });

  it('knows that an operator works on a cluster until it is told otherwise', async () => {
    const maintenance = { since: 1, by: 'operator:ann', reason: 'new disks' };
    expect(await memory.maintenance('lab')).toBeNull();
    await memory.setMaintenance('lab', maintenance);
    expect(await memory.maintenance('lab')).toEqual(maintenance);
    expect(await memory.maintenance('other')).toBeNull();
    await memory.setMaintenance('lab', null);
    expect(await memory.maintenance('lab')).toBeNull();
  });

  describe('of votes', () => {
    const silent: NodeVote = { node: 'b:1', condition: 'hanging', silentMs: 600, startedAt: null };

    it('gives them with the time of one clock', async () => {
      await memory.vote('lab', { worker: 'w1', nodes: [answering('a:1'), silent] });
      await memory.vote('lab', { worker: 'w2', nodes: [] });
      const { now, votes } = await memory.votes('lab', 10_000);
      expect(votes.map(({ worker }) => worker).sort()).toEqual(['w1', 'w2']);
      expect(votes.find(({ worker }) => worker === 'w1')?.nodes).toEqual([answering('a:1'), silent]);
      for (const { at } of votes) expect(now - at).toBeLessThan(5_000);
      expect((await memory.votes('other', 10_000)).votes).toEqual([]);
    });

    it('leaves out those that are too old, and takes the new one of the same worker', async () => {
      await memory.vote('lab', { worker: 'w1', nodes: [silent] });
      await eventually(
        'the vote to grow old',
        async () => (await memory.votes('lab', 50)).votes.length === 0,
        5_000,
      );
      await memory.vote('lab', { worker: 'w1', nodes: [answering('b:1')] });
      expect((await memory.votes('lab', 5_000)).votes[0]?.nodes).toEqual([answering('b:1')]);
    });

    it('forgets workers that have left', async () => {
      const space = `space${spaces}`;
      await redis.hset(`{${space}}:failover:lab:votes`, 'gone', '1000 []');
      await memory.votes('lab', 1_000);
      expect(await redis.hkeys(`{${space}}:failover:lab:votes`)).toEqual([]);
    });

    it('wakes who listens to that cluster', async () => {
      const listening = openRedis(server.url, { role: 'blocking' });
      const wakes = new VoteWakes(listening, `space${spaces}`);
      let woken = 0;
      await wakes.listen('lab', () => (woken += 1));
      await memory.vote('other', { worker: 'w1', nodes: [] });
      await memory.vote('lab', { worker: 'w1', nodes: [] });
      await eventually('the wake-up', () => woken === 1, 5_000);
      await wakes.leave('lab');
      listening.disconnect();
    });
  });

  it('gives back the last good look at nodes', async () => {
    const look = (at: number): SeenNode => ({
      node: 'a:1',
      at,
      slots: [
        {
          table: 0,
          slot: 5,
          position: { file: 2, offset: 99 },
          following: 'b:1',
          status: 'kConnected',
          lag: 3,
        },
        { table: 1, slot: 0, position: { file: 0, offset: 0 }, following: null, status: null, lag: null },
      ],
    });
    await memory.sawNode('lab', look(1));
    await memory.sawNode('lab', look(2));
    expect(await memory.lastSeen('lab', ['a:1', 'never:1'])).toEqual(new Map([['a:1', look(2)]]));
    expect(await memory.lastSeen('lab', [])).toEqual(new Map());
  });

  it('is stored in one piece with others of the same moment', async () => {
    const seen = (node: string, at: number): SeenNode => ({ node, at, slots: [] });
    const commands = async (): Promise<number> =>
      Number(/cmdstat_hset:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
    const before = await commands();
    const nodes = Array.from({ length: 50 }, (_, index) => `n:${index}`);
    await Promise.all([
      ...nodes.map((node) => memory.sawNode('lab', seen(node, 1))),
      memory.sawNode('lab', seen('n:7', 2)),
      memory.addLag('lab', 'n:7', { at: 2, lagBytes: 5 }),
    ]);
    expect((await commands()) - before).toBe(1);
    const last = await memory.lastSeen('lab', nodes);
    expect([last.size, last.get('n:6')?.at, last.get('n:7')?.at]).toEqual([50, 1, 2]);
    expect(await memory.lagSeries('lab', 'n:7')).toEqual([{ at: 2, lagBytes: 5 }]);
  });

  it('is not stored, and that is said, when what is there is no such thing', async () => {
    await redis.set(`{space${spaces}}:failover:lab:seen`, 'no hash');
    await expect(memory.sawNode('lab', { node: 'a:1', at: 1, slots: [] })).rejects.toThrow('WRONGTYPE');
  });

  it('keeps what was found last for some seconds: after that nobody looks any more', async () => {
    const found: FoundNow = {
      at: 1,
      findings: [
        {
          code: 'slot-missing',
          group: 1,
          node: 'b:1',
          master: 'a:1',
          slots: [{ table: 0, slot: 3 }],
          since: 0,
          message: 'b:1 does not hold slots of its master a:1: slot 3',
        },
      ],
    };
    expect(await memory.findings('lab')).toBeNull();
    await memory.setFindings('lab', { at: 0, findings: [] });
    await memory.setFindings('lab', found);
    expect(await memory.findings('lab')).toEqual(found);
    expect(await redis.ttl(`{space${spaces}}:failover:lab:findings`)).toBeGreaterThan(0);
  });

  it('keeps the last 300 points of a lag, oldest first', async () => {
    const points = Array.from({ length: 303 }, (_, index) => index + 1);
    await Promise.all(
      points.map((at) => memory.addLag('lab', 'a:1', { at, lagBytes: at === 303 ? null : at })),
    );
    const series = await memory.lagSeries('lab', 'a:1');
    expect(series).toHaveLength(300);
    expect(series[0]).toEqual({ at: 4, lagBytes: 4 });
    expect(series.at(-1)).toEqual({ at: 303, lagBytes: null });
  });

  describe('of the past', () => {
    it('gives what happened, newest first, of all groups or of one', async () => {
      for (const [group, code] of [
        [1, 'a'],
        [2, 'b'],
        [1, 'c'],
      ] as const)
        await memory.addHistory('lab', entry(group, code));
      expect((await memory.history('lab', { limit: 2 })).map(({ code }) => code)).toEqual(['c', 'b']);
      expect((await memory.history('lab', { group: 1, limit: 10 })).map(({ code }) => code)).toEqual([
        'c',
        'a',
      ]);
      expect(await memory.history('lab', { limit: 0 })).toEqual([]);
    });

    it('is bounded', async () => {
      const space = `space${spaces}`;
      const full = Array.from({ length: 2_100 }, () => '{}');
      await redis.lpush(`{${space}}:failover:lab:history`, ...full);
      await memory.addHistory('lab', entry(1, 'a'));
      expect(await redis.llen(`{${space}}:failover:lab:history`)).toBe(2_000);
    });

    it('takes one change from many workers that see it', async () => {
      const change = (group: number, state: string): Promise<void> =>
        memory.addChange('lab', entry(group, state), {
          about: `group ${group}`,
          state,
          initially: 'Healthy',
        });
      await change(1, 'Healthy');
      await Promise.all([1, 2, 3].map(() => change(1, 'MasterDead')));
      await change(2, 'MasterDead');
      await change(1, 'Healthy');
      await change(1, 'MasterDead');
      const told = await memory.history('lab', { group: 1, limit: 10 });
      expect(told.map(({ code }) => code)).toEqual(['MasterDead', 'Healthy', 'MasterDead']);
    });
  });
});

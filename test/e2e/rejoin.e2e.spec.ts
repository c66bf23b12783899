import { slotOfKey } from '@slotferry/cluster';
import type { CodisDashboard } from '@slotferry/codis';
import { RejoinStage } from './rejoining';
import type { Scene } from './scene';

describe('a node that rejoins its group', () => {
  let stage: RejoinStage;
  let scene: Scene;
  beforeEach(async () => {
    stage = await RejoinStage.start();
    ({ scene } = stage);
  });
  afterEach(() => stage.stop());

  const fillAll = async (name: string, prefix: string): Promise<void> => {
    for (const slot of stage.slots) await scene.fill(name, slot, 3, prefix);
  };
  const sent = async (id: string, what: RegExp): Promise<string[]> =>
    (await scene.sent(id)).filter((action) => what.test(action));

  /** A key of the slot. */
  const keyOf = (slot: number, name: string): string => {
    for (let tag = 0; ; tag += 1) if (slotOfKey(`t${tag}`, 1_024) === slot) return `{t${tag}}:${name}`;
  };

  describe('as a master that was replaced', () => {
    /** The master dies with writes to the slots 2 and 5 that no replica got; the new one takes others meanwhile. */
    const replaceWithLoss = async (): Promise<void> => {
      const { lab } = scene;
      await fillAll('pika1', 'before');
      await stage.level('pika2', 'pika1');
      lab.node('pika1').holdsReplication = true;
      const at = scene.pika('pika1');
      const key = (name: string): string => keyOf(2, name);
      await at.raw(['SET', key('text'), 'lost']);
      await at.raw(['SETEX', key('short'), '5000', Buffer.from([0xff, 0xfe])]);
      await at.raw(['HMSET', key('hash'), 'g', '2', 'f', '1']);
      await at.raw(['RPUSH', key('list'), 'b', 'a']);
      await at.raw(['SADD', key('set'), 'y', 'x']);
      await at.raw(['ZADD', key('zset'), '2', 'm', '1', 'n']);
      await at.raw(['SET', keyOf(5, 'before0'), 'overwritten and lost']);
      await lab.node('pika1').crash();
      lab.node('pika1').holdsReplication = false;
      await stage.replaceMaster();
      // Far beyond what the old one had: by their present positions alone it would only look behind.
      for (const slot of stage.slots) await scene.fill('pika2', slot, 60, 'after');
      await lab.node('pika1').restart();
    };

    const lost = [
      {
        key: keyOf(2, 'hash'),
        type: 'hash',
        ttl: null,
        size: 2,
        value: [
          ['f', '1'],
          ['g', '2'],
        ],
      },
      { key: keyOf(2, 'list'), type: 'list', ttl: null, size: 2, value: ['b', 'a'] },
      { key: keyOf(2, 'set'), type: 'set', ttl: null, size: 2, value: ['x', 'y'] },
      {
        key: keyOf(2, 'short'),
        type: 'string',
        ttl: expect.any(Number),
        size: 2,
        value: Buffer.from([0xff, 0xfe]).toString('base64'),
        valueEncoding: 'base64',
      },
      { key: keyOf(2, 'text'), type: 'string', ttl: null, size: 4, value: 'lost' },
      {
        key: keyOf(2, 'zset'),
        type: 'zset',
        ttl: null,
        size: 2,
        value: [
          ['n', '1'],
          ['m', '2'],
        ],
      },
    ];

    it('keeps its lost writes in files, is filled anew only where it had some, and follows', async () => {
      await replaceWithLoss();
      const id = await stage.rejoin('pika1', 'returned-master');
      await scene.completed(id);
      await stage.expectFollowing('pika1', 'pika2');
      const to = scene.address('pika2');
      expect(await sent(id, /^attach/)).toEqual([
        `attach slots 0-1,3-4,6-7 to ${to}`,
        `attach slots 2,5 to ${to} with a full copy`,
      ]);
      const files = await stage.exported();
      expect(Object.keys(files)).toEqual([`${id}-2.ndjson`, `${id}-5.ndjson`]);
      expect(files[`${id}-2.ndjson`]).toEqual(lost);
      expect(files[`${id}-5.ndjson`]).toEqual([
        {
          key: keyOf(5, 'before0'),
          type: 'string',
          ttl: null,
          size: 'overwritten and lost'.length,
          value: 'overwritten and lost',
        },
      ]);
      const history = await stage.memory.history('lab', { group: 1, limit: 10 });
      expect(history.map(({ code }) => code)).toEqual(['rejoined', 'writes-discarded']);
      expect(history[1]?.details).toMatchObject({ slots: 'slots 2,5', bytes: expect.any(Number) });
    });

    it('is found and mended by itself, and again as the replica that it is then', async () => {
      await replaceWithLoss();
      await stage.watched(async () => {
        const first = await stage.started();
        expect((await scene.completed(first)).input).toMatchObject({ finding: 'returned-master' });
        expect(Object.keys(await stage.exported())).toEqual([`${first}-2.ndjson`, `${first}-5.ndjson`]);
        const noted = async (): Promise<boolean> => {
          const followed = await stage.memory.followed('lab', [scene.address('pika1')]);
          return followed.get(scene.address('pika1'))?.[0]?.slots === '0-7';
        };
        await scene.eventually('what the watch notes of a replica', noted);
        await scene.lab.node('pika1').restart();
        const second = await stage.started([first]);
        expect((await scene.completed(second)).input).toMatchObject({ finding: 'restarted-writable' });
        expect(await scene.sent(second)).toEqual([`attach slots 0-7 to ${scene.address('pika2')}`]);
      });
      await stage.expectFollowing('pika1', 'pika2');
    }, 60_000);

    it('stays detached where the policy is to keep, until an operator lets the writes go', async () => {
      await scene.redefine((definition) => ({
        ...definition,
        failover: { ...definition.failover, discard: 'keep' },
      }));
      await replaceWithLoss();
      const copies = stage.slots.map((slot) => scene.copy('pika1', slot));
      const id = await stage.rejoin('pika1', 'returned-master');
      const { blocked } = await scene.blocked(id, 'writes-would-be-discarded');
      expect(blocked?.problem.message).toContain('slots 2,5');
      expect(await scene.sent(id)).toEqual([]);
      expect(stage.slots.map((slot) => scene.copy('pika1', slot))).toEqual(copies);
      await scene.approve(id, 'writes-would-be-discarded');
      await scene.completed(id);
      await stage.expectFollowing('pika1', 'pika2');
      expect(await stage.exported()).toEqual({});
    });

    it('is never asked to copy a slot that its new master lacks', async () => {
      await replaceWithLoss();
      await scene.pika('pika2').deleteSlots([2]);
      const copy = scene.copy('pika1', 2);
      const id = await stage.rejoin('pika1', 'returned-master');
      const { blocked } = await scene.blocked(id, 'master-lacks-slot');
      expect(blocked?.problem.message).toContain('slots 2');
      expect(scene.lab.node('pika2').condition).toBe('running');
      expect(scene.copy('pika1', 2)).toEqual(copy);
      expect(await sent(id, /slots 2\b|2,/)).toEqual([]);
      const following = await scene.pika('pika1').slots();
      expect(
        [...following.values()].filter((info) => info.following === null).map(({ slot }) => slot),
      ).toEqual([2]);
    });

    it('waits while a proxy still sends clients to it', async () => {
      await replaceWithLoss();
      const [proxy] = (await scene.router.view()).proxies;
      if (!proxy) throw new Error('the lab has no proxy');
      const admin = (scene.router as CodisDashboard).proxyAdmin(proxy);
      const routes = await admin.filledSlots([{ table: 0, slot: 3 }]);
      await admin.fillSlots(routes.map((route) => ({ ...route, backend_addr: scene.address('pika1') })));
      const id = await stage.rejoin('pika1', 'returned-master');
      expect(await scene.waited(id, 'proxy-routes-stale')).toContain(proxy.admin);
      expect(await scene.sent(id)).toEqual([]);
      await admin.fillSlots(routes);
      await scene.completed(id);
      await stage.expectFollowing('pika1', 'pika2');
    });

    it('is not filled anew when it was written to after the operator was asked', async () => {
      await scene.redefine((definition) => ({
        ...definition,
        failover: { ...definition.failover, discard: 'keep' },
      }));
      await replaceWithLoss();
      const id = await stage.rejoin('pika1', 'returned-master');
      await scene.blocked(id, 'writes-would-be-discarded');
      await scene.pika('pika1').raw(['SET', keyOf(2, 'later'), 'x']);
      const copy = scene.copy('pika1', 2);
      await scene.approve(id, 'writes-would-be-discarded');
      await scene.blocked(id, 'copy-changed');
      expect(scene.copy('pika1', 2)).toEqual(copy);
      await scene.approve(id, 'copy-changed');
      await scene.completed(id);
      await stage.expectFollowing('pika1', 'pika2');
      const history = await stage.memory.history('lab', { group: 1, limit: 10 });
      expect(history.map(({ code }) => code)).toEqual([
        'rejoined',
        'copy-changed',
        'writes-discarded',
        'writes-would-be-discarded',
      ]);
    });

    it('ends the same when it dies in the middle, and when no reply of it arrives at first', async () => {
      await replaceWithLoss();
      const node = scene.lab.node('pika1');
      const lostReplies = new Set<string>();
      let restarts = 0;
      node.tap = async ({ text, moment }) => {
        if (moment !== 'executed' || !text.includes('slotsslaveof') || lostReplies.has(text)) return 'pass';
        lostReplies.add(text);
        if (text.includes('force') && (restarts += 1) === 1) await node.restart();
        return 'drop';
      };
      const id = await stage.rejoin('pika1', 'returned-master');
      await scene.completed(id);
      node.tap = undefined;
      expect(restarts).toBeGreaterThan(0);
      await stage.expectFollowing('pika1', 'pika2');
      expect((await stage.exported())[`${id}-2.ndjson`]).toEqual(lost);
    });

    it('stands down when the group gets another master meanwhile', async () => {
      await replaceWithLoss();
      scene.lab.node('pika1').tap = ({ text }) => (text.includes('slotsslaveof') ? 'drop' : 'pass');
      const id = await stage.rejoin('pika1', 'returned-master');
      await scene.waited(id, 'node-unreachable');
      await scene.router.promote(1, scene.address('pika1'));
      scene.lab.node('pika1').tap = undefined;
      await scene.completed(id);
      const infos = [...(await scene.pika('pika1').slots()).values()];
      expect(infos.filter(({ following }) => following !== null)).toEqual([]);
    });
  });

  describe('as a replica', () => {
    beforeEach(async () => {
      await fillAll('pika1', 'before');
      await stage.level('pika2', 'pika1');
    });

    /** What the watch has noted of a replica that follows. */
    const noteFollowing = () =>
      stage.memory.setFollowed('lab', scene.address('pika2'), [
        { table: 0, slots: '0-7', master: scene.address('pika1'), at: Date.now() },
      ]);

    it('goes on from where it stood after a restart', async () => {
      await noteFollowing();
      await scene.lab.node('pika2').restart();
      await fillAll('pika1', 'meanwhile');
      const id = await stage.rejoin('pika2', 'restarted-writable');
      await scene.completed(id);
      await stage.expectFollowing('pika2', 'pika1');
      expect(await scene.sent(id)).toEqual([`attach slots 0-7 to ${scene.address('pika1')}`]);
    });

    it('is filled anew where somebody has written to it after the restart', async () => {
      await noteFollowing();
      await scene.lab.node('pika2').restart();
      await scene.pika('pika2').raw(['SET', keyOf(3, 'stray'), 'of its own']);
      const id = await stage.rejoin('pika2', 'restarted-writable');
      await scene.completed(id);
      await stage.expectFollowing('pika2', 'pika1');
      expect(await stage.exported()).toEqual({
        [`${id}-3.ndjson`]: [expect.objectContaining({ key: keyOf(3, 'stray'), value: 'of its own' })],
      });
    });

    it('is filled anew when nobody knows where it comes from', async () => {
      await scene.lab.node('pika2').restart();
      const id = await stage.rejoin('pika2', 'returned-master');
      await scene.completed(id);
      await stage.expectFollowing('pika2', 'pika1');
      expect(await sent(id, /^attach .*full copy/)).not.toEqual([]);
      expect(await sent(id, /^attach (?!.*full copy)/)).toEqual([]);
      expect(await stage.exported()).toEqual({});
    });

    it('is asked again when it waits for a reply for ever', async () => {
      scene.lab.node('pika1').freeze();
      const isStuck = async (): Promise<boolean> =>
        [...(await scene.pika('pika2').slots()).values()].every(
          ({ following }) => following?.status === 'kWaitReply',
        );
      await scene.eventually('slots that wait for a reply', isStuck);
      scene.lab.node('pika1').thaw();
      await scene.refreshProxies();
      await fillAll('pika1', 'meanwhile');
      expect(await isStuck()).toBe(true);
      const id = await stage.rejoin('pika2', 'stuck-waiting');
      await scene.completed(id);
      await stage.expectFollowing('pika2', 'pika1');
      expect(await sent(id, /full copy/)).toEqual([]);
    });

    it('is filled anew where it is hollow', async () => {
      await scene.pika('pika2').detach([4]);
      await scene.eventually(
        'the replica gone',
        async () => (await scene.pika('pika1').slot(4))?.slaves.length === 0,
      );
      await scene.pika('pika2').deleteSlots([4]);
      await scene.pika('pika3').addSlots([4]);
      await scene.fill('pika3', 4, 20);
      await scene.pika('pika1').attachWithFullCopy({ master: scene.address('pika3'), slots: [4] });
      await scene.eventually(
        'the copy',
        async () => (await scene.pika('pika1').slot(4))?.following?.status === 'kConnected',
      );
      await scene.pika('pika1').detach([4]);
      await scene.pika('pika2').addSlots([4]);
      await scene.pika('pika2').attach({ master: scene.address('pika1'), slots: [4] });
      const id = await stage.rejoin('pika2', 'hollow');
      await scene.completed(id);
      await stage.expectFollowing('pika2', 'pika1');
      expect(await scene.sent(id)).toEqual([
        'detach slots 4',
        `attach slots 4 to ${scene.address('pika1')} with a full copy`,
      ]);
    });

    it('gets slots that it does not hold, one by one', async () => {
      await scene.pika('pika2').detach([1, 6]);
      await scene.eventually('the replica gone', async () =>
        [...(await scene.pika('pika1').slots([1, 6])).values()].every((one) => one.slaves.length === 0),
      );
      await scene.pika('pika2').deleteSlots([1, 6]);
      const id = await stage.rejoin('pika2', 'slot-missing');
      await scene.completed(id);
      await stage.expectFollowing('pika2', 'pika1');
      expect((await scene.sent(id)).slice(0, 2)).toEqual(['create slots 1', 'create slots 6']);
    });

    it('is taken away from another master', async () => {
      await noteFollowing();
      await scene.pika('pika4').addSlots([7]);
      await scene.pika('pika2').detach([7]);
      await scene.pika('pika2').attach({ master: scene.address('pika4'), slots: [7] });
      const id = await stage.rejoin('pika2', 'wrong-master');
      await scene.completed(id);
      await stage.expectFollowing('pika2', 'pika1');
      expect((await scene.sent(id))[0]).toBe('detach slots 7');
    });

    it('is filled anew where it was attached plainly with writes of its own', async () => {
      await scene.lab.node('pika2').restart();
      await scene.pika('pika2').raw(['SET', keyOf(0, 'own'), 'x']);
      await scene.pika('pika1').raw(['SET', keyOf(0, 'one'), 'y']);
      await scene.pika('pika2').attach({ master: scene.address('pika1'), slots: stage.slots });
      await scene.eventually('a connection that looks healthy', async () =>
        [...(await scene.pika('pika2').slots()).values()].every(
          ({ following }) => following?.status === 'kConnected',
        ),
      );
      expect(scene.copy('pika2', 0)).not.toEqual(scene.copy('pika1', 0));
      const id = await stage.rejoin('pika2', 'diverged', [0]);
      await scene.completed(id);
      await stage.expectFollowing('pika2', 'pika1');
      expect(await stage.exported()).toEqual({
        [`${id}-0.ndjson`]: [expect.objectContaining({ key: keyOf(0, 'own'), value: 'x' })],
      });
    });

    it('that looks healthy and is not is found by its keys, and left as it is until an operator says so', async () => {
      await scene.lab.node('pika2').restart();
      await scene.pika('pika2').raw(['SET', keyOf(0, 'own'), 'x']);
      await scene.pika('pika1').raw(['SET', keyOf(0, 'one'), 'y']);
      await scene.pika('pika2').attach({ master: scene.address('pika1'), slots: stage.slots });
      const id = await stage.rejoin('pika2', 'stuck-waiting');
      await scene.blocked(id, 'copies-differ');
      expect(await scene.sent(id)).toEqual([]);
      await scene.approve(id, 'copies-differ');
      await scene.completed(id);
      await stage.expectFollowing('pika2', 'pika1');
    });

    it('is left alone when it is the master by now', async () => {
      const id = await stage.rejoin('pika1', 'returned-master');
      await scene.completed(id);
      expect(await scene.sent(id)).toEqual([]);
    });
  });
});

import { expectMoved } from '../support/outcome';
import { Scene } from './scene';

describe('copies of a slot that a move meets', () => {
  let scene: Scene;
  let slot = -1;
  beforeAll(async () => {
    scene = await Scene.start();
  });
  beforeEach(() => {
    slot += 1;
  });
  afterEach(() => scene.recover());
  afterAll(() => scene.stop());

  const attachments = async (id: string): Promise<string[]> =>
    (await scene.sent(id)).filter((action) => action.startsWith('attach'));

  describe('a copy on the target with a position of its own', () => {
    /** A copy that somebody wrote to, as a half-finished move of long ago may have left it. */
    const leaveCopy = async (): Promise<unknown> => {
      await scene.pika('pika5').addSlots([slot]);
      await scene.fill('pika5', slot, 3, 'stray');
      return scene.copy('pika5', slot);
    };

    it('blocks the move until the operator has deleted it', async () => {
      await scene.fill('pika1', slot, 20);
      const stray = await leaveCopy();
      const id = await scene.lab.move(slot);
      const { blocked } = await scene.blocked(id, 'target-holds-copy');
      expect(blocked?.problem.message).toContain(scene.address('pika5'));
      expect(blocked?.problem.remedy).toContain('approve');
      await scene.hurry(id);
      await scene.lab.engine.steer(id, { kind: 'retry', reason: 'the test' }, { actor: 'operator:test' });
      await scene.blocked(id, 'target-holds-copy');
      expect(await scene.sent(id)).toEqual([]);
      expect(scene.copy('pika5', slot)).toEqual(stray);

      const wanted = scene.copy('pika1', slot);
      await scene.pika('pika5').deleteSlots([slot]);
      await scene.hurry(id);
      await scene.completed(id);
      await expectMoved(scene.lab, id, slot);
      expect(scene.copy('pika5', slot)).toEqual(wanted);
    });

    it('is replaced by a full copy when the operator approves that', async () => {
      await scene.fill('pika1', slot, 20);
      const wanted = scene.copy('pika1', slot);
      await leaveCopy();
      const id = await scene.lab.move(slot);
      await scene.blocked(id, 'target-holds-copy');
      await scene.approve(id, 'target-holds-copy');
      await scene.completed(id);
      expect((await attachments(id))[0]).toBe(
        `attach slots ${slot} to ${scene.address('pika1')} with a full copy`,
      );
      await expectMoved(scene.lab, id, slot);
      expect(scene.copy('pika5', slot)).toEqual(wanted);
    });

    it('is found on the replica of the target, too', async () => {
      await scene.pika('pika6').addSlots([slot]);
      await scene.fill('pika6', slot, 3, 'stray');
      await scene.fill('pika1', slot, 20);
      const wanted = scene.copy('pika1', slot);
      const id = await scene.lab.move(slot);
      const { blocked } = await scene.blocked(id, 'target-holds-copy');
      expect(blocked?.problem.message).toContain(scene.address('pika6'));
      await scene.approve(id, 'target-holds-copy');
      await scene.completed(id);
      await expectMoved(scene.lab, id, slot);
      expect(scene.copy('pika6', slot)).toEqual(wanted);
    });

    it('that follows another node is never touched', async () => {
      await scene.pika('pika5').addSlots([slot]);
      await scene.pika('pika3').addSlots([slot]);
      await scene.pika('pika5').attach({ master: scene.address('pika3'), slots: [slot] });
      const id = await scene.lab.move(slot);
      const { blocked } = await scene.blocked(id, 'target-holds-copy');
      expect(blocked?.problem.message).toContain(`follows ${scene.address('pika3')}`);
      expect(await scene.sent(id)).toEqual([]);
      await scene.pika('pika5').detach([slot]);
      await scene.hurry(id);
      await scene.completed(id);
      await expectMoved(scene.lab, id, slot);
    });
  });

  describe('a source that was itself filled by a full copy', () => {
    /** Fills the source's slot from another node, so that it holds keys, but no binlog from before. */
    const fillByFullCopy = async (): Promise<void> => {
      await scene.pika('pika3').addSlots([slot]);
      await scene.fill('pika3', slot, 30);
      await scene.pika('pika1').attachWithFullCopy({ master: scene.address('pika3'), slots: [slot] });
      const isCopied = async (): Promise<boolean> =>
        (await scene.pika('pika1').slot(slot))?.following?.status === 'kConnected';
      await scene.eventually('the full copy at the source', isCopied);
      await scene.pika('pika1').detach([slot]);
      await scene.pika('pika2').detach([slot]);
      const isAlone = async (): Promise<boolean> =>
        (await scene.pika('pika1').slot(slot))?.slaves.length === 0;
      await scene.eventually('the source alone', isAlone);
      await scene.pika('pika2').attachWithFullCopy({ master: scene.address('pika1'), slots: [slot] });
    };

    it('gets followers that hold every key: a hollow one is given a full copy', async () => {
      await fillByFullCopy();
      const wanted = scene.copy('pika1', slot);
      const id = await scene.lab.move(slot);
      await scene.completed(id);
      expect(await attachments(id)).toContain(
        `attach slots ${slot} to ${scene.address('pika1')} with a full copy`,
      );
      expect(await attachments(id)).toContain(
        `attach slots ${slot} to ${scene.address('pika5')} with a full copy`,
      );
      await expectMoved(scene.lab, id, slot);
      expect(scene.copy('pika5', slot)).toEqual(wanted);
      expect(scene.copy('pika6', slot)).toEqual(wanted);
      await scene.pika('pika3').deleteSlots([slot]);
    });

    it('never counts a hollow replica as ready', async () => {
      await fillByFullCopy();
      const wanted = scene.copy('pika1', slot);
      // Every plain attach of the replica stays hollow, and its full copies are not let through.
      scene.lab.node('pika6').tap = ({ text, moment }) =>
        moment === 'received' && text.startsWith('pkcluster slotsslaveof') && text.includes('force')
          ? 'drop'
          : 'pass';
      const id = await scene.lab.move(slot);
      await scene.waited(id, 'node-unreachable');
      const state = await scene.lab.engine.get(id);
      expect(state.phase).toBe('attach-replicas');
      expect(scene.copy('pika6', slot)).not.toEqual(wanted);
      scene.lab.node('pika6').tap = undefined;
      await scene.completed(id);
      await expectMoved(scene.lab, id, slot);
      expect(scene.copy('pika6', slot)).toEqual(wanted);
      await scene.pika('pika3').deleteSlots([slot]);
    });
  });

  describe('a node that restarts and forgets whom it followed', () => {
    it('is attached again while the move goes on: the target', async () => {
      await scene.fill('pika1', slot, 20);
      scene.lab.node('pika6').tap = ({ text }) => (text.includes('slotsslaveof') ? 'drop' : 'pass');
      const id = await scene.lab.move(slot);
      await scene.waited(id, 'node-unreachable');
      await scene.lab.node('pika5').restart();
      await scene.fill('pika1', slot, 40);
      const wanted = scene.copy('pika1', slot);
      scene.lab.node('pika6').tap = undefined;
      await scene.completed(id);
      expect(
        (await attachments(id)).filter((action) => action.includes(scene.address('pika1'))),
      ).toHaveLength(2);
      await expectMoved(scene.lab, id, slot);
      expect(scene.copy('pika5', slot)).toEqual(wanted);
    });

    it('is attached again after the handover: the replica of the new master', async () => {
      const keys = await scene.fill('pika1', slot, 20);
      scene.lab.node('pika1').tap = onceDetached(async () => scene.lab.node('pika6').restart());
      const id = await scene.lab.move(slot);
      await scene.completed(id);
      scene.lab.node('pika1').tap = undefined;
      await scene.pika('pika5').raw(['SET', keys[0] ?? '', 'written after the move']);
      await expectMoved(scene.lab, id, slot);
    });

    /** Does something as soon as the target is the slot's master. */
    const onceDetached = (act: () => Promise<void>) => {
      let hasActed = false;
      return async (): Promise<'pass'> => {
        const target = scene.lab.node('pika5').findSlot({ table: 0, slot });
        if (hasActed || !target || target.attachment || target.binlog.position.offset === 0) return 'pass';
        hasActed = true;
        await act();
        return 'pass';
      };
    };
  });

  describe('a source that takes a write after it was drained', () => {
    it('blocks the move, is kept as it is, and is given up when the operator says so', async () => {
      const [key = ''] = await scene.fill('pika1', slot, 20);
      let leaked = 0;
      scene.lab.node('pika1').tap = async (): Promise<'pass'> => {
        const target = scene.lab.node('pika5').findSlot({ table: 0, slot });
        if (leaked > 0 || !target || target.attachment || target.binlog.position.offset === 0) return 'pass';
        leaked += 1;
        await scene.pika('pika1').raw(['SET', key, 'leaked']);
        return 'pass';
      };
      const id = await scene.lab.move(slot);
      const { blocked, phase } = await scene.blocked(id, 'source-moved');
      scene.lab.node('pika1').tap = undefined;
      expect(phase).toBe('verify');
      expect(blocked?.problem.message).toContain(scene.address('pika1'));
      expect(await scene.pika('pika1').raw(['GET', key])).toBe('leaked');
      await scene.hurry(id);
      await scene.blocked(id, 'source-moved');
      expect([scene.holds('pika1', slot), scene.holds('pika2', slot)]).toEqual([true, true]);
      await scene.pika('pika5').raw(['SET', key, 'leaked']);
      await scene.approve(id, 'source-moved');
      await scene.completed(id);
      await expectMoved(scene.lab, id, slot);
      expect(await scene.pika('pika5').raw(['GET', key])).toBe('leaked');
    });
  });
});

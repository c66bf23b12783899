import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { moveSlotDefinition } from '@slotferry/migration';
import { ResourceHeld } from '@slotferry/workflow';
import { expectMoved } from '../support/outcome';
import { Scene } from './scene';

describe('what stands in the way of a move before the slot is handed over', () => {
  let scene: Scene;
  let slot = -1;
  beforeAll(async () => {
    scene = await Scene.start();
  });
  beforeEach(async () => {
    slot += 1;
    await scene.fill('pika1', slot, 5);
  });
  afterEach(() => scene.recover());
  afterAll(() => scene.stop());

  const expectUntouched = (): void => {
    expect(['pika1', 'pika2', 'pika5', 'pika6'].map((name) => scene.holds(name, slot))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  };

  it('waits for a node that is down, says which one, and goes on when it is back', async () => {
    await scene.lab.node('pika5').crash();
    const id = await scene.lab.move(slot);
    expect(await scene.waited(id, 'node-unreachable')).toContain(scene.address('pika5'));
    expect(await scene.sent(id)).toEqual([]);
    expectUntouched();
    await scene.lab.node('pika5').restart();
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  it('waits for a node that goes down on the way, too', async () => {
    scene.lab.node('pika6').tap = async ({ text, moment }) => {
      if (moment !== 'received' || !text.includes(`addslots ${slot}`)) return 'pass';
      await scene.lab.node('pika6').crash();
      return 'drop';
    };
    const id = await scene.lab.move(slot);
    expect(await scene.waited(id, 'node-unreachable')).toContain(scene.address('pika6'));
    scene.lab.node('pika6').tap = undefined;
    await scene.lab.node('pika6').restart();
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  it('goes on without a replica of the source that was dead when it began, and says that it may hold a copy', async () => {
    await scene.lab.node('pika2').crash();
    const id = await scene.lab.move(slot);
    const { phaseRecords } = await scene.completed(id);
    expect(phaseRecords['clean-up']?.result).toEqual({ away: [scene.address('pika2')], kept: [] });
    expect(['pika1', 'pika5', 'pika6'].map((name) => scene.holds(name, slot))).toEqual([false, true, true]);
  });

  it('cleans a replica of the source up that was dead when it began and is back', async () => {
    await scene.lab.node('pika2').crash();
    scene.lab.node('pika5').tap = async ({ text, moment }): Promise<TapVerdict> => {
      if (moment !== 'received' || !text.includes('slotsslaveof no one')) return 'pass';
      scene.lab.node('pika5').tap = undefined;
      await scene.lab.node('pika2').restart();
      return 'pass';
    };
    const id = await scene.lab.move(slot);
    const { phaseRecords } = await scene.completed(id);
    expect(phaseRecords['clean-up']?.result).toBeUndefined();
    expect(scene.holds('pika2', slot)).toBe(false);
  });

  it('waits for a node that is frozen', async () => {
    scene.lab.node('pika6').freeze();
    const id = await scene.lab.move(slot);
    expect(await scene.waited(id, 'node-unreachable')).toContain(scene.address('pika6'));
    expectUntouched();
    scene.lab.node('pika6').thaw();
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  it('waits for a dashboard that is down', async () => {
    await scene.lab.sandbox.dashboard.apply('crash');
    const id = await scene.lab.move(slot);
    await scene.waited(id, 'router-unreachable');
    expect(await scene.sent(id)).toEqual([]);
    await scene.lab.sandbox.dashboard.apply('restart');
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  it.each([
    ['is down', 'crash', 'restart'],
    ['hangs', 'freeze', 'thaw'],
  ] as const)('waits for a proxy that %s, and says which one', async (_what, fault, cure) => {
    const proxy = scene.lab.sandbox.proxies.get('proxy2');
    const { adminAddress = '' } = proxy?.process ?? {};
    await proxy?.apply(fault);
    const id = await scene.lab.move(slot);
    expect(await scene.waited(id, 'proxy-unhealthy')).toContain(`proxy ${adminAddress}`);
    expect(await scene.sent(id)).toEqual([]);
    expectUntouched();
    await proxy?.apply(cure);
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  it('is not begun a second time, and says who has the slot', async () => {
    await scene.lab.node('pika5').crash();
    const id = await scene.lab.move(slot);
    const again = await scene.lab.move(slot, 2).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(ResourceHeld);
    expect(again).toMatchObject({ message: expect.stringContaining(id) });
    await scene.lab.node('pika5').restart();
    await scene.completed(id);
  });

  it('blocks on a handover that somebody else began, and goes on when that was taken back', async () => {
    await scene.router.setHandoversDisabled(true);
    await scene.router.queueHandover({ table: 0, slot }, 2);
    const id = await scene.lab.move(slot);
    const { blocked } = await scene.blocked(id, 'handover-under-way');
    expect(blocked?.problem.message).toContain('group 2');
    expect(await scene.sent(id)).toEqual([]);
    expectUntouched();
    await scene.router.withdrawHandover({ table: 0, slot });
    await scene.hurry(id);
    await scene.blocked(id, 'handovers-disabled');
    await scene.router.setHandoversDisabled(false);
    await scene.hurry(id);
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  it('blocks on a dashboard of another product', async () => {
    await scene.redefine((definition) => ({
      ...definition,
      router: { ...definition.router, product: 'another' },
    }));
    const id = await scene.lab.move(slot);
    const { blocked } = await scene.blocked(id, 'wrong-product');
    expect(blocked?.problem.message).toContain('lab');
    expectUntouched();
    await scene.redefine((definition) => definition);
    await scene.hurry(id);
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  it('waits while a node is at work on another change of its slots', async () => {
    scene.lab.sandbox.costs.speed = 'real';
    const created = scene.pika('pika5').addSlots([900, 901, 902, 903, 904, 905, 906, 907]);
    try {
      const id = await scene.lab.move(slot);
      expect(await scene.waited(id, 'node-busy')).toContain(scene.address('pika5'));
      await created;
      scene.lab.sandbox.costs.speed = 'zero';
      await scene.completed(id);
      await expectMoved(scene.lab, id, slot);
    } finally {
      scene.lab.sandbox.costs.speed = 'zero';
    }
  });

  it('blocks on a target that has no such table, or cuts it otherwise', async () => {
    const whole = await scene.pika('pika6').slots();
    await scene.pika('pika6').addTable(1, 16);
    await deleteTable('pika6', [...whole.keys()]);
    const id = await scene.lab.move(slot);
    const lacking = await scene.blocked(id, 'target-lacks-table');
    expect(lacking.blocked?.problem.message).toContain(scene.address('pika6'));
    await scene.pika('pika6').addTable(0, 512);
    await scene.hurry(id);
    const differing = await scene.blocked(id, 'slot-number-differs');
    expect(differing.blocked?.problem.message).toContain('512');
    expect(await scene.sent(id)).toEqual([]);
    await deleteTable('pika6', []);
    await scene.pika('pika6').addTable(0, 1_024);
    await scene.hurry(id);
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  const deleteTable = async (name: string, attached: readonly number[]): Promise<void> => {
    if (attached.length > 0) await scene.pika(name).detach(attached);
    await scene.pika(name).raw(['PKCLUSTER', 'DELTABLE', '0']);
  };

  it('fails when the slot belongs to another group by then, changing nothing', async () => {
    const input = { cluster: 'lab', table: 0, slot, from: 2, to: 3 };
    const { id } = await scene.lab.engine.start(moveSlotDefinition, input, { actor: 'operator:test' });
    const state = await scene.lab.until(id, 'a failure', ({ status }) => status === 'failed', 5_000);
    expect(state.problem?.code).toBe('owner-changed');
    expect(await scene.sent(id)).toEqual([]);
  });
});

import { type RebalancePlan, rebalanceDefinition } from '@slotferry/migration';
import { Rebalancing } from './rebalancing';
import { Scene } from './scene';

describe('a rebalance that another tool has begun', () => {
  let scene: Scene;
  let rebalancing: Rebalancing;
  beforeAll(async () => {
    scene = await Scene.start({ slotsPerGroup: 12 });
    rebalancing = new Rebalancing(scene.lab);
  });
  afterEach(async () => {
    await scene.recover();
    await rebalancing.endAll();
  });
  afterAll(() => scene.stop());

  const planFor = (slots: readonly number[]): Promise<RebalancePlan> =>
    rebalancing.plan({ kind: 'slots', slots: slots.map((slot) => ({ table: 0, slot })), to: 3 });

  it('is taken up where slots have been created and attached by hand', async () => {
    for (const slot of [0, 1, 2]) await scene.fill('pika1', slot, 10);
    await scene.pika('pika5').addSlots([0, 1]);
    await scene.pika('pika6').addSlots([0]);
    await scene.pika('pika5').attach({ master: scene.address('pika1'), slots: [0] });
    const attached = async (): Promise<boolean> =>
      (await scene.pika('pika5').slot(0))?.following?.status === 'kConnected';
    await scene.eventually('the attachment made by hand', attached);
    await scene.pika('pika6').attach({ master: scene.address('pika5'), slots: [0] });
    const id = await rebalancing.begin(await planFor([0, 1, 2]));
    expect((await rebalancing.ended(id)).status).toBe('completed');
    const moves = await scene.sent(rebalancing.child(id, 0));
    expect(moves.filter((action) => /^(create|attach)/.test(action))).toEqual([]);
    await rebalancing.expectTidy();
  });

  it('is refused while slots stand in the queue of the router, and taken up with leave to take them out', async () => {
    const plan = await planFor([4, 5]);
    await scene.router.setHandoversDisabled(true);
    await scene.router.queueHandover({ table: 0, slot: 4 }, 3);
    const refused = await rebalancing.begin(plan);
    const { blocked } = await scene.blocked(refused, 'plan-drifted');
    expect(blocked?.problem.message).toContain("slot 4 stands in the router's queue for group 3");
    expect(blocked?.problem.message).toContain('--adopt');
    await rebalancing.cancel(refused);
    await rebalancing.ended(refused);
    expect((await scene.router.route({ table: 0, slot: 4 })).handover?.state).toBe('queued');

    const { hash, moves, limits } = plan;
    const input = { cluster: 'lab', plan: 'pl-test', hash, moves, limits, adopt: true };
    const { id } = await scene.lab.engine.start(rebalanceDefinition, input, { actor: 'operator:test' });
    await scene.eventually('the slot out of the queue', async () => {
      return (await scene.router.route({ table: 0, slot: 4 })).handover === null;
    });
    await scene.router.setHandoversDisabled(false);
    expect((await rebalancing.ended(id)).status).toBe('completed');
    expect(await scene.sent(id)).toContain('withdraw the handover of slot 4 that somebody else queued');
    await rebalancing.expectTidy();
  });

  it('is refused, whatever the leave, while the router hands one of its slots over', async () => {
    const plan = await planFor([6]);
    await scene.pika('pika3').addSlots([6]);
    await scene.pika('pika3').attach({ master: scene.address('pika1'), slots: [6] });
    const attached = async (): Promise<boolean> =>
      (await scene.pika('pika3').slot(6))?.following?.status === 'kConnected';
    await scene.eventually('the attachment made by hand', attached);
    scene.lab.node('pika1').holdsReplication = true;
    await scene.fill('pika1', 6, 5);
    await scene.router.queueHandover({ table: 0, slot: 6 }, 2);
    const begun = async (): Promise<boolean> => {
      const { handover } = await scene.router.route({ table: 0, slot: 6 });
      return handover !== null && handover.state !== 'queued';
    };
    await scene.eventually('the handover by somebody else', begun);
    const { hash, moves, limits } = plan;
    const input = { cluster: 'lab', plan: 'pl-test', hash, moves, limits, adopt: true };
    const { id } = await scene.lab.engine.start(rebalanceDefinition, input, { actor: 'operator:test' });
    const { blocked } = await scene.blocked(id, 'plan-drifted');
    expect(blocked?.problem.message).toContain('is being handed over to group 2 by somebody else');
    expect(await scene.sent(id)).toEqual([]);
    await rebalancing.cancel(id);
    await rebalancing.ended(id);
    await scene.router.assign([{ table: 0, slot: 6 }], 1);
  });
});

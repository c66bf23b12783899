import { bootstrapDefinition } from '@slotferry/migration';
import { compareWithRouter } from '@slotferry/cluster';
import { Scene } from './scene';

describe('setting a cluster up', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.empty(8);
  });
  afterEach(() => scene.stop());

  const bootstrap = async (): Promise<string> =>
    (await scene.lab.engine.start(bootstrapDefinition, { cluster: 'lab' }, { actor: 'operator:test' })).id;

  /** The router and every copy are as the definition says. */
  const expectComplete = async (): Promise<void> => {
    const { definition } = scene.lab;
    const view = await scene.router.view();
    expect(compareWithRouter(definition, view)).toEqual([]);
    expect(view.groups.filter(({ outOfSync }) => outOfSync)).toEqual([]);
    for (const proxy of view.proxies) {
      const routes = await scene.router.proxyRoutes(
        proxy,
        slots.map((slot) => ({ table: 0, slot })),
      );
      expect(routes.map(({ backend }) => backend)).toEqual(
        slots.map((slot) => scene.address(masterOf(slot))),
      );
    }
    for (const slot of slots) {
      const copy = scene.lab.node(replicaOf(slot)).findSlot({ table: 0, slot });
      expect(copy?.attachment).toMatchObject({ master: scene.address(masterOf(slot)), state: 'kConnected' });
      expect(scene.copy(replicaOf(slot), slot)).toEqual(scene.copy(masterOf(slot), slot));
    }
  };

  it('makes an empty cluster whole, and does nothing the second time', async () => {
    await scene.completed(await bootstrap());
    await expectComplete();
    const again = await bootstrap();
    await scene.completed(again);
    expect(await scene.sent(again)).toEqual([]);
    await expectComplete();
  });

  it('completes what somebody began', async () => {
    await scene.pika('pika1').addSlots([0, 1, 2]);
    await scene.pika('pika2').addSlots([0, 1]);
    await scene.pika('pika2').attach({ master: scene.address('pika1'), slots: [0] });
    await scene.fill('pika1', 0, 10);
    await scene.fill('pika1', 1, 10);
    await scene.router.createGroup(1);
    await scene.router.addServer(1, scene.address('pika1'));
    await scene.router.assign([{ table: 0, slot: 0 }], 1);
    const id = await bootstrap();
    await scene.completed(id);
    await expectComplete();
    expect(await scene.sent(id)).not.toContainEqual(expect.stringContaining('create group 1'));
  });

  it('blocks when the router has a server in another group, touching nothing', async () => {
    await scene.router.createGroup(9);
    await scene.router.addServer(9, scene.address('pika1'));
    const id = await bootstrap();
    const { blocked } = await scene.blocked(id, 'router-contradicts');
    expect(blocked?.problem.message).toContain(`${scene.address('pika1')} belongs to group 1`);
    expect(await scene.sent(id)).toEqual([]);
    expect(scene.holds('pika1', 0)).toBe(false);
  });

  it('blocks when a replica holds data of its own, until the operator says that it may be replaced', async () => {
    await scene.pika('pika1').addSlots([3]);
    await scene.fill('pika1', 3, 10);
    await scene.pika('pika2').addSlots([3]);
    await scene.fill('pika2', 3, 2, 'stray');
    const stray = scene.copy('pika2', 3);
    const id = await bootstrap();
    const { blocked } = await scene.blocked(id, 'replica-holds-copy');
    expect(blocked?.problem.message).toContain(scene.address('pika2'));
    expect(scene.copy('pika2', 3)).toEqual(stray);
    await scene.approve(id, 'replica-holds-copy');
    await scene.completed(id);
    await expectComplete();
  });

  it('gives empty replicas a full copy where the master has no binlog from before its own', async () => {
    await scene.pika('pika5').addSlots([4]);
    await scene.fill('pika5', 4, 10);
    await scene.pika('pika1').addSlots([4]);
    await scene.pika('pika1').attachWithFullCopy({ master: scene.address('pika5'), slots: [4] });
    const isCopied = async (): Promise<boolean> =>
      (await scene.pika('pika1').slot(4))?.following?.status === 'kConnected';
    await scene.eventually('the full copy', isCopied);
    await scene.pika('pika1').detach([4]);
    const id = await bootstrap();
    await scene.completed(id);
    expect(await scene.sent(id)).toContain(`attach slots 4 to ${scene.address('pika1')} with a full copy`);
    await expectComplete();
  });

  it('blocks on a node that cuts its table otherwise, or lacks it', async () => {
    await scene.pika('pika2').addTable(1, 16);
    await scene.pika('pika2').raw(['PKCLUSTER', 'DELTABLE', '0']);
    const id = await bootstrap();
    const lacking = await scene.blocked(id, 'node-lacks-table');
    expect(lacking.blocked?.problem.message).toContain(scene.address('pika2'));
    await scene.pika('pika2').raw(['PKCLUSTER', 'ADDTABLE', '0', '512']);
    await scene.hurry(id);
    const differing = await scene.blocked(id, 'slot-number-differs');
    expect(differing.blocked?.problem.message).toContain('512');
    expect(await scene.sent(id)).toEqual([]);
    await scene.pika('pika2').raw(['PKCLUSTER', 'DELTABLE', '0']);
    await scene.pika('pika2').raw(['PKCLUSTER', 'ADDTABLE', '0', '1024']);
    await scene.hurry(id);
    await scene.completed(id);
    await expectComplete();
  });

  it('leaves slots alone that were moved since the file was written', async () => {
    await scene.completed(await bootstrap());
    await scene.fill('pika1', 5, 10);
    const move = await scene.lab.move(5);
    await scene.completed(move);
    const again = await bootstrap();
    const state = await scene.completed(again);
    expect(state.phaseRecords.verify?.result).toEqual({ ownedByOthers: 1 });
    expect(await scene.sent(again)).toEqual([]);
    expect(scene.holds('pika1', 5)).toBe(false);
  });
});

const slots = Array.from({ length: 16 }, (_, slot) => slot);
const masterOf = (slot: number): string => (slot < 8 ? 'pika1' : 'pika3');
const replicaOf = (slot: number): string => (slot < 8 ? 'pika2' : 'pika4');

import { Rebalancing } from './rebalancing';
import { Scene } from './scene';

const nodes = ['pika1', 'pika2', 'pika3', 'pika4', 'pika5', 'pika6'];

/** What the nodes themselves count, not what the log says. */
describe('the limits of a rebalance, by the word of the nodes', () => {
  let scene: Scene;
  let rebalancing: Rebalancing;
  beforeAll(async () => {
    // Small binlog files, of which little is kept, make every attachment cost a full copy.
    scene = await Scene.start({
      slotsPerGroup: 16,
      sandbox: { binlog: { fileSize: 500, keptEntries: 5 } },
    });
    rebalancing = new Rebalancing(scene.lab);
    for (let slot = 0; slot < 32; slot += 1) await scene.fill(slot < 16 ? 'pika1' : 'pika3', slot, 12);
    // Group 3 serves clients from here on: creating slots holds them up.
    await rebalancing.ended(await rebalancing.beginMoving([0, 16]));
  });
  beforeEach(() => {
    for (const name of nodes) {
      const { counters } = scene.lab.node(name);
      Object.assign(counters, {
        copiesServed: 0,
        mostCopiesUnderWay: 0,
        mostCopiesAskedFor: 0,
        mostSlotsInOneChange: 0,
      });
    }
    scene.lab.sandbox.costs.speed = 8;
  });
  afterEach(async () => {
    scene.lab.sandbox.costs.speed = 'zero';
    await rebalancing.endAll();
  });
  afterAll(() => scene.stop());

  const most = (
    name: 'mostCopiesUnderWay' | 'mostCopiesAskedFor' | 'mostSlotsInOneChange',
    ...of: string[]
  ): number => Math.max(...of.map((node) => scene.lab.node(node).counters[name]));

  const move = async (
    slots: readonly number[],
    limits: { copiesPerSource: number; copiesPerTarget: number },
  ): Promise<void> => {
    const id = await rebalancing.beginMoving(slots, { inFlight: 16, ...limits });
    expect((await rebalancing.ended(id)).status).toBe('completed');
    for (const name of ['pika1', 'pika3'])
      expect(scene.lab.node(name).counters.copiesServed).toBeGreaterThan(0);
  };

  it('no source gives, and no target takes, more copies at a time than may be, and slots are created one by one', async () => {
    await move([1, 2, 3, 4, 5, 17, 18, 19, 20, 21], { copiesPerSource: 2, copiesPerTarget: 3 });
    expect(most('mostCopiesUnderWay', 'pika1', 'pika3')).toBeLessThanOrEqual(2);
    expect(most('mostCopiesAskedFor', 'pika5', 'pika6')).toBeLessThanOrEqual(3);
    expect(most('mostSlotsInOneChange', ...nodes)).toBe(1);
  });

  it('more are given where more may be', async () => {
    // A copy takes longer than until the next slots are created, also on a busy machine.
    scene.lab.sandbox.costs.speed = 1.5;
    const slots = [6, 7, 8, 9, 10, 11, 22, 23, 24, 25, 26, 27];
    await move(slots, { copiesPerSource: 6, copiesPerTarget: 12 });
    expect(most('mostCopiesAskedFor', 'pika5')).toBeGreaterThan(3);
    expect(most('mostCopiesUnderWay', 'pika1', 'pika3')).toBeLessThanOrEqual(6);
    expect(most('mostSlotsInOneChange', ...nodes)).toBe(1);
  });

  it('leave everything as it should be', async () => {
    await rebalancing.expectTidy();
  });
});

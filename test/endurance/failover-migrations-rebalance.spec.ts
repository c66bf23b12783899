import { Rebalancing } from '../e2e/rebalancing';
import { Crew } from '../support/crew';
import { FailoverLab } from '../support/failover-lab';
import { expectOneFailover, expectTidy } from '../support/failover-outcome';

const slotsPerGroup = 8;

/** All copies are level in the moment of the death, so that nothing may be lost at all. Every case has two groups of its own. */
describe('a rebalance under way when a master dies', () => {
  let lab: FailoverLab;
  let crew: Crew;
  beforeAll(async () => {
    lab = await FailoverLab.start({ workers: 2, groups: 4, slots: 4 * slotsPerGroup });
    crew = await Crew.start(lab.lab, 1);
    await lab.settled();
  }, 60_000);
  afterAll(async () => {
    await crew.stop();
    await lab.stop();
  });

  it.each([
    { side: 'source was replaced', from: 1, to: 2, group: 1 },
    { side: 'target was replaced and the dead node is back', from: 3, to: 4, group: 4 },
  ])(
    'goes on by itself after its $side',
    async ({ from, to, group }) => {
      const rebalancing = new Rebalancing(lab.lab);
      const [master = '', ...replicas] = await lab.servers(group);
      const moving = lab.slotsOf(from);
      const slots = moving.map((slot) => ({ table: 0, slot }));
      const plan = await rebalancing.plan({ kind: 'slots', slots, to }, { inFlight: 3 });
      const load = await lab.write([
        ...moving.slice(0, 1),
        ...moving.slice(-1),
        ...lab.slotsOf(to).slice(0, 1),
      ]);
      const id = await rebalancing.begin(plan);
      await rebalancing.untilMoved(id, 2);
      await load.rest();
      await lab.level(group, replicas);
      const died = performance.now();
      await lab.node(master).crash();
      load.goOn();
      const failover = await lab.replaced(group);
      expect(failover.facts['parked']).not.toEqual([]);
      // Slots whose move has not begun are given to all nodes of the target, so that the dead one is waited for.
      if (group === to) await lab.node(master).restart();
      expect((await rebalancing.ended(id)).status).toBe('completed');
      await load.served(died);
      expect(await load.stop()).toEqual([]);
      expect(await lab.owned(to)).toEqual(expect.arrayContaining([...moving]));
      const children = await rebalancing.children(id);
      const faults = await Promise.all(
        [id, ...children.map((child) => child.id)].map((one) => lab.lab.engine.verify(one)),
      );
      expect(faults.filter((fault) => fault !== null)).toEqual([]);
      await expectOneFailover(lab, group, []);
      await expectTidy(lab, to);
    },
    90_000,
  );
});

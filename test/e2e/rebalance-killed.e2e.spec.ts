import { Crew } from '../support/crew';
import { type Lab, startLab } from '../support/lab';
import { Load } from '../support/load';
import { Rebalancing } from './rebalancing';

describe('a rebalance whose migrator is killed', () => {
  let lab: Lab;
  let crew: Crew;
  beforeAll(async () => {
    lab = await startLab({
      slotsPerGroup: 9,
      sandbox: { dashboardTimings: { idleMs: 100, afterErrorMs: 300 } },
    });
    crew = await Crew.start(lab, 1);
  });
  afterAll(async () => {
    await crew.stop();
    await lab.stop();
  });

  it('is completed by the next one, nothing lost', async () => {
    const rebalancing = new Rebalancing(lab);
    const plan = await rebalancing.plan({ kind: 'even' }, { inFlight: 4 });
    const load = await Load.start(lab.proxies, [0, 7, 16]);
    const id = await rebalancing.begin(plan);
    await rebalancing.untilMoved(id, 1);
    await crew.killAll();
    const open = Object.values((await lab.engine.get(id)).children).filter((child) => child === 'open');
    expect(open.length).toBeGreaterThan(0);
    await crew.refill();
    const state = await rebalancing.ended(id);
    const report = await load.stop();
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    expect(state.status).toBe('completed');
    const owners = [...(await rebalancing.expectTidy()).values()];
    expect([1, 2, 3].map((group) => owners.filter((one) => one === group).length)).toEqual([6, 6, 6]);
    expect(await rebalancing.mostAtOnce(id)).toBeLessThanOrEqual(4);
    const actors = (await lab.engine.history(id)).map(({ actor }) => actor);
    expect(actors).toEqual(expect.arrayContaining(['worker:worker1', 'worker:worker2']));
  }, 60_000);
});

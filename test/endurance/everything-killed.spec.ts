import { isEnded } from '@slotferry/workflow';
import { Rebalancing } from '../e2e/rebalancing';
import { Crew } from '../support/crew';
import { type Lab, startLab } from '../support/lab';
import { Load } from '../support/load';

const kills = 5;
const limitMs = 180_000;
/** All 300 slots are created, and their moves have come to their handovers, before the first is moved. */
const untilMovedMs = 60_000;

/** The machine room loses its power again and again: all workers and Redis are gone at once, in the middle of many moves. */
describe.each([
  { handover: 'auto', slotsPerGroup: 150 },
  { handover: 'dashboard', slotsPerGroup: 20 },
] as const)('everything killed, held with $handover', ({ handover, slotsPerGroup }) => {
  let lab: Lab;
  let crew: Crew;
  beforeAll(async () => {
    lab = await startLab({
      slotsPerGroup,
      handover,
      sandbox: { dashboardTimings: { idleMs: 100, afterErrorMs: 300 } },
    });
    crew = await Crew.start(lab, 2);
  }, 60_000);
  afterAll(async () => {
    await crew.stop();
    await lab.stop();
  });

  it(
    `${kills} times in a row in the middle of ${2 * slotsPerGroup} moves: it ends complete, nothing lost, nothing left behind`,
    async () => {
      const slots = Array.from({ length: 2 * slotsPerGroup }, (_, slot) => slot);
      const rebalancing = new Rebalancing(lab);
      const load = await Load.start(lab.proxies, [0, slotsPerGroup - 1, slots.length - 1]);
      const id = await rebalancing.beginMoving(slots);
      for (let kill = 1; kill <= kills; kill += 1) {
        await rebalancing.untilMoved(id, Math.floor((kill * slots.length) / (kills + 2)), untilMovedMs);
        await Promise.all([crew.killAll(), lab.redis.kill()]);
        await lab.redis.restart();
        await crew.refill();
      }
      const { status } = await lab.until(id, `the end of ${id}`, isEnded, limitMs);
      const report = await load.stop();
      expect({ status, lost: report.lost, errors: report.errors }).toEqual({
        status: 'completed',
        lost: [],
        errors: [],
      });
      expect([...(await rebalancing.expectTidy()).values()]).toEqual(slots.map(() => 3));
      for (const { id: child } of await rebalancing.children(id))
        expect(await lab.engine.verify(child)).toBeNull();
    },
    limitMs,
  );
});

import { Load } from '../support/load';
import { expectMoved } from '../support/outcome';
import { Scene } from './scene';

const slots = [0, 1, 2, 3, 4, 5, 6, 7];

describe('many slots on their way to one group at once', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start();
  });
  afterAll(() => scene.stop());

  it('all arrive, one after the other at the dashboard, and lose nothing', async () => {
    const load = await Load.start(scene.lab.proxies, slots);
    const ids = await Promise.all(slots.map((slot) => scene.lab.move(slot)));
    for (const id of ids) await scene.completed(id);
    const report = await load.stop();
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    expect(report.longestStallOverallMs).toBeLessThan(2_000);
    for (const [index, id] of ids.entries()) await expectMoved(scene.lab, id, slots[index] ?? -1);
    expect(scene.lab.node('pika5').counters.mostSlotsInOneChange).toBe(1);
  });
});

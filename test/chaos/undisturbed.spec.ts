import { expectMoved } from '../support/outcome';
import { Load } from '../support/load';
import { type Lab, startLab } from '../support/lab';
import { MigratorProcess } from '../support/migrator-process';

/** What the faults are measured against. */
describe('a move that nothing disturbs', () => {
  let lab: Lab;
  let migrator: MigratorProcess;

  beforeAll(async () => {
    lab = await startLab();
    migrator = await MigratorProcess.start(lab.redis.url, 'worker');
  });

  afterAll(async () => {
    await migrator.stop();
    await lab.stop();
  });

  it('keeps clients waiting for less than the budget and loses nothing', async () => {
    const load = await Load.start(lab.proxies, [0, 1]);
    const id = await lab.move(0);
    await lab.untilEnded(id, 15_000);
    const report = await load.stop();
    expect({ errors: report.errors, lost: report.lost }).toEqual({ errors: [], lost: [] });
    expect(report.longestStallMs(0)).toBeLessThan(1_000);
    await expectMoved(lab, id, 0);
  });
});

import { failoverDefinition } from '@slotferry/failover';
import { FailoverLab } from '../support/failover-lab';
import { expectOneFailover } from '../support/failover-outcome';
import { GatedCrew } from '../support/gated-crew';
import { type GateVerdict } from '../support/redis-gate';

/** A worker dies when it is through with a phase and has not been able to tell the log. */
describe('a failover whose worker is killed', () => {
  let lab: FailoverLab;
  let crew: GatedCrew;
  beforeAll(async () => {
    lab = await FailoverLab.start({ workers: 0 });
    crew = await GatedCrew.start(lab, 3);
  }, 60_000);
  beforeEach(async () => {
    await crew.refill();
    await lab.settled();
  }, 60_000);
  afterEach(() => lab.recover(), 60_000);
  afterAll(async () => {
    await crew.stop();
    await lab.stop();
  });

  it.each(failoverDefinition.phases)('in %s is brought to its end by another one', async (phase) => {
    const [master = '', ...replicas] = await lab.servers(1);
    const earlier = await lab.failovers(1);
    const load = await lab.write([0, 5]);
    await load.rest();
    await lab.level(1, replicas);
    const killed = crew.strikeAt(phase, 'before', async (worker): Promise<GateVerdict> => {
      await worker.kill();
      return 'drop';
    });
    const died = performance.now();
    await lab.node(master).crash();
    load.goOn();
    await killed.sprung;
    await load.served(died);
    await lab.replaced(1, earlier);
    expect(await load.stop()).toEqual([]);
    await expectOneFailover(lab, 1, earlier);
    expect(replicas).toContain((await lab.servers(1))[0]);
  });
});

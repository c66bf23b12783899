import { failoverDefinition } from '@slotferry/failover';
import { FailoverLab } from '../support/failover-lab';
import { expectOneFailover } from '../support/failover-outcome';
import { GatedCrew } from '../support/gated-crew';
import { type GateMoment, type GateVerdict } from '../support/redis-gate';

describe('Redis killed and started again during a failover', () => {
  let lab: FailoverLab;
  let crew: GatedCrew;
  beforeAll(async () => {
    lab = await FailoverLab.start({ workers: 0 });
    crew = await GatedCrew.start(lab, 3);
  }, 60_000);
  beforeEach(() => lab.settled(), 60_000);
  afterEach(() => lab.recover(), 60_000);
  afterAll(async () => {
    await crew.stop();
    await lab.stop();
  });

  /** Kills the master under load, with level replicas; checks the outcome when Redis has been killed, too. */
  const expectReplaced = async (strikes: () => Promise<void>): Promise<void> => {
    const [master = '', ...replicas] = await lab.servers(1);
    const earlier = await lab.failovers(1);
    const load = await lab.write([0, 5]);
    await load.rest();
    await lab.level(1, replicas);
    const killed = strikes();
    const died = performance.now();
    await lab.node(master).crash();
    load.goOn();
    await killed;
    await load.served(died);
    await lab.replaced(1, earlier);
    expect(await load.stop()).toEqual([]);
    await expectOneFailover(lab, 1, earlier);
    expect(replicas).toContain((await lab.servers(1))[0]);
  };

  /** Redis dies when a worker is through with a phase, and the other phases to come after it. */
  const killIn = async ([phase, ...rest]: readonly string[], moment: GateMoment): Promise<void> => {
    if (phase === undefined) return;
    let others: Promise<void> = Promise.resolve();
    await crew.strikeAt(phase, moment, async (): Promise<GateVerdict> => {
      others = killIn(rest, moment);
      await lab.lab.redis.restart();
      return 'drop';
    }).sprung;
    await others;
  };

  it(
    'in every phase, before it has heard that the phase is over',
    () => expectReplaced(() => killIn(failoverDefinition.phases, 'before')),
    90_000,
  );

  it.each(['promote', 'reroute'])('in %s, before it can answer that it has heard that it is over', (phase) =>
    expectReplaced(() => killIn([phase], 'after')),
  );
});

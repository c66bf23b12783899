import { FailoverLab } from './failover-lab';
import { expectOneFailover } from './failover-outcome';
import { GatedCrew } from './gated-crew';
import { type GateVerdict } from './redis-gate';

/** What happens to a worker, and in which phase of a failover. */
export interface Strike {
  readonly phase: string;
  readonly fault: 'killed' | 'frozen';
}

/** A worker is struck when it is through with a phase and has not been able to tell the log. Every case has a group of its own. */
export function describeStruckWorkers(strikes: readonly Strike[]): void {
  const cases = strikes.map((one, index) => ({ ...one, group: index + 1 }));

  describe('a failover whose worker', () => {
    let lab: FailoverLab;
    let crew: GatedCrew;
    beforeAll(async () => {
      lab = await FailoverLab.start({ workers: 0, groups: cases.length, slots: 2 * cases.length });
      crew = await GatedCrew.start(lab, 3);
      await lab.settled();
    }, 60_000);
    afterAll(async () => {
      await crew.stop();
      await lab.stop();
    });

    it.each(cases)(
      'is $fault in $phase is brought to its end by another one',
      async ({ phase, fault, group }) => {
        const [master = '', ...replicas] = await lab.servers(group);
        const load = await lab.write(lab.slotsOf(group));
        await load.rest();
        await lab.level(group, replicas);
        const killed = crew.strikeAt(phase, 'before', async (worker): Promise<GateVerdict> => {
          if (fault === 'killed') {
            await worker.kill();
            return 'drop';
          }
          // Its word comes late, when all is over.
          worker.freeze();
          await lab.replaced(group);
          worker.thaw();
          return 'pass';
        });
        const died = performance.now();
        await lab.node(master).crash();
        load.goOn();
        await killed.sprung;
        await Promise.all([load.served(died), lab.replaced(group), crew.refill()]);
        expect(await load.stop()).toEqual([]);
        await expectOneFailover(lab, group, []);
        expect(replicas).toContain((await lab.servers(group))[0]);
      },
    );

    it('leaves replicas that follow again when the dead masters are back', () => lab.recover(), 60_000);
  });
}

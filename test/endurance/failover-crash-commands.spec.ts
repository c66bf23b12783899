import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { FailoverLab } from '../support/failover-lab';
import { expectOneFailover } from '../support/failover-outcome';
import { type FailoverProcess } from '../support/failover-process';
import { type FailoverPoint, trapFailover } from '../support/failover-trap';
import { type Moment } from '../support/points';

const size = 3;
const detach = (servers: readonly string[]): FailoverPoint => ({
  servers,
  is: ({ text }) => text.includes('slotsslaveof no one'),
});
const promote = (): FailoverPoint => ({
  servers: ['dashboard'],
  is: ({ text }) => text.includes('/group/promote/'),
});
const attach = (servers: readonly string[]): FailoverPoint => ({
  servers,
  is: ({ text }) => text.includes('slotsslaveof 127'),
});
const points = { 'making a replica a master': detach, promoting: promote, reattaching: attach };
const cases = Object.entries(points).flatMap(([what, point]) =>
  (['received', 'executed'] as const).map((moment) => ({ what, point, moment })),
);

/** The command has been sent: it is not executed, or executed and not answered. Every case has a group of its own. */
describe('a failover whose worker, with a command under way,', () => {
  let lab: FailoverLab;
  let group = 0;
  beforeAll(async () => {
    const groups = cases.length + Object.keys(points).length;
    lab = await FailoverLab.start({ workers: size, groups, slots: 2 * groups });
    await lab.settled();
  }, 60_000);
  beforeEach(async () => {
    group += 1;
    const missing = size - lab.workers.filter(({ alive }) => alive).length;
    await Promise.all(Array.from({ length: missing }, () => lab.hire()));
  }, 60_000);
  afterAll(() => lab.stop());

  const strikeWhile = async (
    point: (replicas: readonly string[]) => FailoverPoint,
    moment: Moment,
    strike: (worker: FailoverProcess, over: () => Promise<unknown>) => Promise<TapVerdict>,
  ): Promise<void> => {
    const [master = '', ...replicas] = await lab.servers(group);
    const load = await lab.write(lab.slotsOf(group));
    await load.rest();
    await lab.level(group, replicas);
    const over = (): Promise<unknown> => lab.replaced(group);
    const trap = trapFailover(lab, point(replicas), moment, (worker) => strike(worker, over));
    const died = performance.now();
    await lab.node(master).crash();
    load.goOn();
    await trap.sprung;
    await load.served(died);
    await over();
    expect(await load.stop()).toEqual([]);
    await expectOneFailover(lab, group, []);
    expect(replicas).toContain((await lab.servers(group))[0]);
  };

  it.each(cases)('is killed, $what, $moment: another one goes on', ({ point, moment }) =>
    strikeWhile(point, moment, async (worker) => {
      await worker.kill();
      return 'drop';
    }),
  );

  it.each(Object.entries(points))(
    'is frozen, %s, and wakes up when it is over: its late command does no harm',
    (_, point) =>
      strikeWhile(point, 'received', async (worker, over) => {
        worker.freeze();
        await over();
        worker.thaw();
        return 'pass';
      }),
  );
});

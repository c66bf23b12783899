import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { FailoverLab } from '../support/failover-lab';
import { type FailoverLoad } from '../support/failover-load';
import { expectOneFailover } from '../support/failover-outcome';
import { type FailoverPoint, trapFailover } from '../support/failover-trap';

const promotion: FailoverPoint = {
  servers: ['dashboard'],
  is: ({ text }) => text.includes('/group/promote/'),
};
/** A dashboard that rests for moments, and waits for a proxy that hangs for seconds where a real one waits for a minute. */
const dashboardTimings = { idleMs: 100, afterErrorMs: 300, sampleMs: 200, proxyCallMs: 3_000 };
const faults = [
  ['dies', 'crash', 'restart'],
  ['hangs', 'freeze', 'thaw'],
] as const;

/** As many as there are tests: every one has a group of its own. */
const cases = 9;

/** Clients of a proxy that works have a new master before anybody mends what is broken beside it. */
describe('a master that dies', () => {
  let lab: FailoverLab;
  let group = 0;
  beforeAll(async () => {
    const options = { workers: 2, groups: cases, replicas: 1, slots: 2 * cases };
    lab = await FailoverLab.start({ ...options, sandbox: { dashboardTimings } });
    await lab.settled();
  }, 60_000);
  beforeEach(() => void (group += 1));
  afterAll(() => lab.stop());

  interface Stage {
    readonly master: string;
    /** Clients of proxy1, and those of proxy2. */
    readonly loads: readonly [FailoverLoad, FailoverLoad];
    /** Checks that one failover came, that nothing was lost, and that nothing is left. */
    readonly expectReplaced: () => Promise<void>;
  }

  /** Clients of either proxy have written, and every replica has all of it. */
  const stage = async (): Promise<Stage> => {
    const [master = '', ...replicas] = await lab.servers(group);
    const [first = '', second = ''] = lab.lab.proxies;
    const slots = lab.slotsOf(group);
    const loads = [
      await lab.write(slots, { proxies: [first] }),
      await lab.write(slots, { proxies: [second] }),
    ] as const;
    await Promise.all(loads.map((load) => load.rest()));
    await lab.level(group, replicas);
    const expectReplaced = async (): Promise<void> => {
      await lab.replaced(group);
      const mended = performance.now();
      await Promise.all(loads.map((load) => load.served(mended)));
      for (const load of loads) expect(await load.stop()).toEqual([]);
      await expectOneFailover(lab, group, []);
      expect(replicas).toContain((await lab.servers(group))[0]);
    };
    return { master, loads, expectReplaced };
  };

  const dashboard = () => lab.lab.sandbox.dashboard;
  const proxy2 = () => {
    const found = lab.lab.sandbox.proxies.get('proxy2');
    if (!found) throw new Error('there is no proxy2');
    return found;
  };

  it.each(faults)('is replaced when a proxy %s with it, which is put back later', async (_, fault) => {
    const { master, loads, expectReplaced } = await stage();
    await proxy2().apply(fault);
    const died = performance.now();
    await lab.node(master).crash();
    for (const load of loads) load.goOn();
    await loads[0].served(died);
    await lab.waits(group, 'proxy-away');
    // One that hung was told to end while it did.
    await proxy2().apply('restart');
    await expectReplaced();
  });

  it.each(faults)('is replaced when the dashboard that %s with it is back', async (_, fault, cure) => {
    const { master, loads, expectReplaced } = await stage();
    await dashboard().apply(fault);
    await lab.node(master).crash();
    for (const load of loads) load.goOn();
    await lab.waits(group, 'router-unreachable');
    await dashboard().apply(cure);
    await expectReplaced();
  });

  it.each(
    faults.flatMap(([what, fault, cure]) =>
      (['received', 'executed'] as const).map((moment) => ({ what, fault, cure, moment })),
    ),
  )('is replaced when the dashboard $what with the promotion $moment', async ({ fault, cure, moment }) => {
    const { master, loads, expectReplaced } = await stage();
    const struck = trapFailover(lab, promotion, moment, async (): Promise<TapVerdict> => {
      await dashboard().apply(fault);
      return 'drop';
    });
    const died = performance.now();
    await lab.node(master).crash();
    for (const load of loads) load.goOn();
    await struck.sprung;
    await Promise.all(loads.map((load) => load.served(died)));
    await lab.waits(group, 'router-unreachable');
    await dashboard().apply(cure);
    await expectReplaced();
  });

  it('is replaced when a proxy, and the dashboard with the promotion under way, die with it', async () => {
    const { master, loads, expectReplaced } = await stage();
    const struck = trapFailover(lab, promotion, 'executed', async (): Promise<TapVerdict> => {
      await dashboard().apply('crash');
      return 'drop';
    });
    await proxy2().apply('crash');
    const died = performance.now();
    await lab.node(master).crash();
    for (const load of loads) load.goOn();
    await struck.sprung;
    await loads[0].served(died);
    await dashboard().apply('restart');
    await lab.waits(group, 'proxy-away');
    await proxy2().apply('restart');
    await expectReplaced();
  });
});

import { failoverDefinition } from '@slotferry/failover';
import { Load, type LoadReport } from '../support/load';
import { budgetMs, isDetach, isHold, isPromotion, SwitchingScene } from '../e2e/switching';

/** What a hold may take on top of its budget: the guard, another worker, and a machine at work on other things. */
const slackMs = 4_000;

// Processes are started and killed, and a machine may have other work.
jest.setTimeout(60_000);

describe('a switchover that meets trouble', () => {
  let scene: SwitchingScene;
  beforeAll(async () => {
    scene = await SwitchingScene.start();
  });
  afterEach(async () => {
    await scene.recover();
    await scene.dismiss();
  });
  afterAll(() => scene.stop());

  const expectHeldInTime = (report: LoadReport): void =>
    expect(report.longestStallOverallMs).toBeLessThan(budgetMs + slackMs);

  describe('before the promotion', () => {
    beforeEach(() => scene.hire('w1'));

    it('lets clients go on at the old master when replication stands still, and comes to its end later', async () => {
      const old = scene.lab.node((await scene.pair()).master);
      const stalled = scene.stallReplication();
      const { id, report } = await scene.underLoad(async (running) => {
        await stalled;
        expect(await scene.waited(running, 'hold-budget-exceeded')).toContain(old.address);
        await scene.clientsGoOn();
        old.holdsReplication = false;
      });
      expectHeldInTime(report);
      expect(Number((await scene.lab.engine.get(id)).facts.takenBack)).toBeGreaterThan(0);
    });

    it('goes back when somebody ended the hold after the replica was detached', async () => {
      const ended = scene.when((await scene.pair()).replica, isDetach, 'executed', async () => {
        await scene.router.resyncGroup(1);
        await scene.clientsGoOn();
      });
      const { id } = await scene.underLoad(() => ended);
      await scene.waited(id, 'hold-lost');
    });

    it.each([
      ['dies', 'crash', 'restart'],
      ['hangs', 'freeze', 'thaw'],
    ] as const)('goes back when a proxy %s as it is told to hold', async (_, fault, cure) => {
      const proxy = scene.proxy('proxy2');
      const struck = scene.when('proxy2', isHold, 'received', () => proxy.apply(fault), 'drop');
      const { report } = await scene.underLoad(
        async (id) => {
          await struck;
          await scene.waited(id, 'proxy-unhealthy');
          await scene.clientsGoOn();
          await proxy.apply(cure);
        },
        [scene.proxy('proxy1').process.clientAddress],
      );
      expectHeldInTime(report);
    });

    it('lets clients go on at the old master while its event log is away', async () => {
      const { redis } = scene.lab;
      const { replica } = await scene.pair();
      const struck = scene.when(replica, isDetach, 'executed', () => redis.kill());
      const { report } = await scene.underLoad(async () => {
        await struck;
        await scene.clientsGoOn();
        await redis.restart();
      });
      expectHeldInTime(report);
    });

    it('leaves everything as it was when it is cancelled', async () => {
      const { master, replica } = await scene.pair();
      const old = scene.lab.node(master);
      const stalled = scene.stallReplication();
      const load = await Load.start(scene.lab.proxies, [0, 1, 2]);
      const id = await scene.switchOver(replica);
      await stalled;
      const { status } = await scene.cancel(id);
      old.holdsReplication = false;
      const report = await load.stop();
      expect({ status, lost: report.lost, errors: report.errors }).toEqual({
        status: 'cancelled',
        lost: [],
        errors: [],
      });
      await scene.expectInPlace(master);
    });
  });

  describe('when its worker dies', () => {
    it.each([
      ['as every proxy holds', 'proxy2', isHold, 'executed'],
      ['after the replica was detached', 'replica', isDetach, 'executed'],
      ['with the promotion on its way', 'dashboard', isPromotion, 'received'],
      ['before the answer to the promotion came', 'dashboard', isPromotion, 'executed'],
    ] as const)('is taken over %s', async (_, server, command, moment) => {
      const worker = await scene.hireProcess('mortal');
      const at = server === 'replica' ? (await scene.pair()).replica : server;
      const kill = async (): Promise<void> => {
        await worker.kill();
        scene.hire('heir');
      };
      const killed = scene.when(at, command, moment, kill, 'drop');
      const { report } = await scene.underLoad(() => killed);
      expectHeldInTime(report);
    });
  });

  describe('during the promotion', () => {
    beforeEach(() => scene.hire('w1'));

    it('goes on without a loss after a proxy died while the router told it', async () => {
      const proxy = scene.proxy('proxy2');
      let holds = 0;
      // The first one is ours, the second one the router's.
      const second = (command: Parameters<typeof isHold>[0]): boolean =>
        isHold(command) && (holds += 1) === 2;
      const struck = scene.when('proxy2', second, 'received', () => proxy.apply('crash'), 'drop');
      const { report } = await scene.underLoad(async () => {
        await struck;
        await scene.clientsGoOn();
        const { groups } = await scene.router.view();
        expect(groups.find(({ id }) => id === 1)?.promoting).toBe(true);
        await proxy.apply('restart');
      }, [scene.proxy('proxy1').process.clientAddress]);
      expectHeldInTime(report);
    });

    it.each(['received', 'executed'] as const)('goes on after the router died with it %s', async (moment) => {
      const { dashboard } = scene.lab.sandbox;
      const crash = (): Promise<void> => dashboard.apply('crash');
      const struck = scene.when('dashboard', isPromotion, moment, crash, 'drop');
      await scene.underLoad(async (id) => {
        await struck;
        await scene.waited(id, 'router-unreachable');
        await dashboard.apply('restart');
      });
    });
  });

  // The last one: nobody here brings the old master back.
  it('gives way to the failover of a master that dies meanwhile', async () => {
    scene.hire('w1');
    const { master, replica } = await scene.pair();
    const old = scene.lab.node(master);
    const load = await Load.start(scene.lab.proxies, [0, 1, 2]);
    const stalled = scene.stallReplication();
    const id = await scene.switchOver(replica);
    await stalled;
    await scene.waited(id, 'hold-budget-exceeded');
    await old.crash();
    const input = { cluster: 'lab', group: 1, epoch: 1, master: old.address, approvalNeeded: false };
    const actor = 'operator:test';
    const failover = await scene.lab.engine.start(failoverDefinition, input, { actor });
    await scene.completed(failover.id);
    const { facts } = await scene.completed(id);
    expect(facts).toMatchObject({ overtaken: scene.address((await scene.pair()).master) });
    const view = await scene.router.view();
    expect(view.handovers.disabled).toBe(false);
    await load.stop();
  });
});

import { FailoverStage, swiftDashboard, twice } from './failing-over';

jest.setTimeout(40_000);

/** For the report of the run. */
const told = (line: string): void => void process.stdout.write(`${line}\n`);

describe('a failover with trouble at the router', () => {
  let stage: FailoverStage;
  const start = async (dashboardTimings: object = {}): Promise<void> => {
    stage = await FailoverStage.start({}, { dashboardTimings: { ...swiftDashboard, ...dashboardTimings } });
    await stage.watchOnce();
  };
  afterEach(() => stage.stop());

  it('can be run again at any point', async () => {
    stage = await FailoverStage.start({}, { phases: twice });
    stage.cut('pika1', 'pika2');
    await stage.fill('pika1', 3, 5, 'third');
    await stage.level('pika3', 'pika1');
    await stage.watchOnce();
    await proxy('proxy2').apply('crash');
    await stage.lab.node('pika1').crash();
    const id = await stage.failOver();
    await stage.waited(id, 'proxy-away');
    await stage.expectMaster('pika3');
    await proxy('proxy2').apply('restart');
    await stage.completed(id);
    await stage.untilServed();
    await stage.expectMaster('pika3');
    const sent = await stage.sent(id);
    expect(sent.filter((action) => action.startsWith('promote'))).toHaveLength(1);
    expect(await stage.memory.group('lab', 1)).toMatchObject({ epoch: 2 });
  });

  it('lets no proxy wait for another one that waits for a master that hangs', async () => {
    await start();
    const [one, other] = [proxy('proxy1'), proxy('proxy2')];
    stage.lab.node('pika1').freeze();
    const hanging = stage.write(one.process.clientAddress, 4).catch(() => 'broken off');
    const startedAt = performance.now();
    const id = await stage.failOver();
    // Written before, a request would wait for the dead master, too.
    await stage.eventually('proxy2 to be told', () => stage.sendsTo(other.process.adminAddress, 'pika2'));
    await stage.untilServed([other.process.clientAddress]);
    const servedMs = Math.round(performance.now() - startedAt);
    told(
      `with a master that hangs: all slots written after ${servedMs} ms through a proxy that waits for nothing`,
    );
    // Before the request under way ended, which takes as long as nobody ends it.
    expect(servedMs).toBeLessThan(10_000);
    await stage.waited(id, 'requests-under-way');
    await stage.lab.node('pika1').crash();
    await hanging;
    await stage.completed(id);
    await stage.untilServed();
    await stage.expectMaster('pika2');
  });

  it('leaves a proxy that waits for a master that hangs to its own limit, and in the router', async () => {
    stage = await FailoverStage.start({}, { dashboardTimings: swiftDashboard, backendReadMs: 8_000 });
    await stage.watchOnce();
    const [one, other] = [proxy('proxy1'), proxy('proxy2')];
    stage.lab.node('pika1').freeze();
    let answer = '';
    const hanging = stage.write(one.process.clientAddress, 4).catch((error: unknown) => String(error));
    void hanging.then((said) => (answer = said));
    const id = await stage.failOver();
    await stage.eventually('proxy2 to be told', () => stage.sendsTo(other.process.adminAddress, 'pika2'));
    await stage.untilServed([other.process.clientAddress]);
    expect(answer).toBe('');
    await stage.waited(id, 'requests-under-way');
    await stage.completed(id);
    expect(await hanging).toContain('i/o timeout');
    await stage.untilServed();
    await stage.expectMaster('pika2');
    expect((await stage.sent(id)).filter((action) => action.startsWith('remove proxy'))).toEqual([]);
    expect((await stage.router.view()).proxies).toHaveLength(2);
  });

  const proxy = (name: string) => {
    const found = stage.lab.sandbox.proxies.get(name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };

  it('takes a dead proxy out of the router, and puts it back when it is there again', async () => {
    await start();
    await proxy('proxy2').apply('crash');
    await stage.lab.node('pika1').crash();
    const startedAt = performance.now();
    const id = await stage.failOver();
    await stage.untilServed([proxy('proxy1').process.clientAddress]);
    told(`with a dead proxy: all slots written after ${Math.round(performance.now() - startedAt)} ms`);
    await stage.waited(id, 'proxy-away');
    await stage.expectMaster('pika2');
    expect((await stage.router.view()).proxies).toHaveLength(1);
    await proxy('proxy2').apply('restart');
    await stage.completed(id);
    expect((await stage.router.view()).proxies).toHaveLength(2);
    await stage.untilServed();
    await stage.expectMaster('pika2');
  });

  it('serves the clients of other proxies while one hangs', async () => {
    await start({ proxyCallMs: 6_000 });
    await proxy('proxy2').apply('freeze');
    await stage.lab.node('pika1').crash();
    const startedAt = performance.now();
    const id = await stage.failOver();
    await stage.untilServed([proxy('proxy1').process.clientAddress]);
    const servedMs = Math.round(performance.now() - startedAt);
    told(`with a proxy that hangs: all slots written after ${servedMs} ms`);
    // The dashboard still waits for the proxy that hangs.
    expect((await stage.sent(id)).filter((action) => action.startsWith('promote'))).toEqual([]);
    await stage.waited(id, 'proxy-away');
    await stage.expectMaster('pika2');
    await proxy('proxy2').apply('thaw');
    // What the dashboard sent it while it was stopped was: end.
    await stage.eventually('the end of proxy2', async () => {
      await proxy('proxy2').apply('restart');
      return true;
    });
    await stage.completed(id);
    expect((await stage.router.view()).proxies).toHaveLength(2);
    await stage.untilServed();
    await stage.expectMaster('pika2');
  });

  it.each([
    ['dies', 'crash', 'restart'],
    ['hangs', 'freeze', 'thaw'],
  ] as const)(
    'serves clients though the dashboard %s, and tells it when it is back',
    async (_what, fault, cure) => {
      await start();
      const { dashboard } = stage.lab.sandbox;
      await stage.lab.node('pika1').crash();
      stage.lab.node('pika2').tap = async ({ text, moment }): Promise<'pass'> => {
        if (moment === 'received' && text.includes('no one')) await dashboard.apply(fault);
        return 'pass';
      };
      const id = await stage.failOver();
      await stage.waited(id, 'router-unreachable');
      await stage.untilServed();
      await dashboard.apply(cure);
      await stage.completed(id);
      await stage.expectMaster('pika2');
      await stage.untilServed();
    },
  );

  it('gives up a new master that clients write to no sooner than any master', async () => {
    await start();
    const { dashboard } = stage.lab.sandbox;
    const winner = stage.lab.node('pika2');
    await stage.lab.node('pika1').crash();
    winner.tap = async ({ text, moment }): Promise<'pass'> => {
      if (moment === 'received' && text.includes('no one')) await dashboard.apply('crash');
      return 'pass';
    };
    const id = await stage.failOver();
    await stage.waited(id, 'router-unreachable');
    await stage.untilServed();
    winner.freeze();
    await dashboard.apply('restart');
    await stage.waited(id, 'new-master-silent');
    winner.thaw();
    await stage.completed(id);
    await stage.untilServed();
    await stage.expectMaster('pika2');
  });

  it('waits for a dashboard that is dead from the beginning', async () => {
    await start();
    await stage.lab.sandbox.dashboard.apply('crash');
    await stage.lab.node('pika1').crash();
    const id = await stage.failOver();
    await stage.waited(id, 'router-unreachable');
    await stage.lab.sandbox.dashboard.apply('restart');
    await stage.completed(id);
    await stage.expectMaster('pika2');
  });

  it('takes back what the dashboard was handing over from the group', async () => {
    await start();
    const target = stage.pika('pika4');
    await target.addSlots([7]);
    await target.attach({ master: stage.address('pika1'), slots: [7] });
    await stage.router.queueHandover({ table: 0, slot: 7 }, 2);
    await stage.eventually('the hold', async () => {
      const { handover } = await stage.router.route({ table: 0, slot: 7 });
      return handover?.state === 'holding';
    });
    await stage.lab.node('pika1').crash();
    await stage.router.queueHandover({ table: 0, slot: 8 }, 2);
    const id = await stage.failOver();
    await stage.completed(id);
    expect(await stage.router.routes([7, 8].map((slot) => ({ table: 0, slot })))).toEqual(
      [7, 8].map((slot) => ({ table: 0, slot, group: 1, handover: null })),
    );
    await stage.untilServed();
    await stage.expectMaster('pika2');
  });
});

import { type ClusterDefinition, type SlotRef } from '@slotferry/cluster';
import { dashboardXAuth } from '@slotferry/codis';
import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { setTimeout as pause } from 'node:timers/promises';
import { Load, type LoadReport } from '../support/load';
import { expectMoved, expectTakenBack } from '../support/outcome';
import { commands, type Moment, type Point } from '../support/points';
import { assigning, holdAt } from '../support/proxy-points';
import { setTrap, type Trap } from '../support/trap';
import { Scene } from './scene';

const budgetMs = 1_000;
/** What a hold may take on top of its budget. */
const slackMs = 2_000;

describe('a handover held at the proxies', () => {
  let scene: Scene;
  let slot = -1;
  beforeAll(async () => {
    scene = await Scene.start({
      slotsPerGroup: 64,
      holdBudgetMs: budgetMs,
      handover: 'proxies',
      sandbox: { peerTimeoutMs: 1_000 },
    });
  });
  beforeEach(() => {
    slot += 1;
  });
  afterEach(async () => {
    await scene.recover();
    for (const name of ['dashboard', 'proxy1', 'proxy2']) scene.lab.server(name).tap = undefined;
    await scene.redefine((definition) => definition);
  });
  afterAll(() => scene.stop());

  const ref = (): SlotRef => ({ table: 0, slot });
  const proxy = (name: string) => {
    const found = scene.lab.sandbox.proxies.get(name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };
  const clientOf = (name: string): string => proxy(name).process.clientAddress;

  /** Does something once, in that moment of the present slot's move. */
  const when = (
    point: Point,
    moment: Moment,
    act: () => Promise<unknown> | void,
    verdict: TapVerdict = 'pass',
  ): Trap =>
    setTrap(scene.lab, slot, point, moment, async () => {
      await act();
      return verdict;
    });

  const setWay = (handover: ClusterDefinition['migration']['handover']): Promise<void> =>
    scene.redefine((definition) => ({
      ...definition,
      migration: { ...definition.migration, handover },
    }));

  /** Moves the present slot while clients write to it, and checks that they noticed nothing but a pause. */
  const moveUnderLoad = async (
    disturb: (id: string) => Promise<unknown> = () => Promise.resolve(),
    proxies = scene.lab.proxies,
  ): Promise<{ id: string; report: LoadReport }> => {
    const load = await Load.start(proxies, [slot]);
    let report: LoadReport;
    const id = await scene.lab.move(slot);
    try {
      await disturb(id);
      await scene.completed(id);
    } finally {
      report = await load.stop();
    }
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    await expectMoved(scene.lab, id, slot);
    return { id, report };
  };

  const expectHeldInTime = (report: LoadReport): void =>
    expect(report.longestStallOverallMs).toBeLessThan(budgetMs + slackMs);

  const held = async (name: string): Promise<boolean> => {
    const { proxies } = await scene.router.view();
    const one = proxies.find(({ admin }) => admin === proxy(name).process.adminAddress);
    if (!one) throw new Error(`the dashboard does not know ${name}`);
    return (await scene.router.proxyRoutes(one, [ref()]))[0]?.locked === true;
  };

  const position = (): number =>
    scene.lab.node('pika1').findSlot({ table: 0, slot })?.binlog.position.offset ?? 0;

  /** Clients go on at the source: its position moves. */
  const clientsGoOn = async (): Promise<void> => {
    const before = position();
    await scene.eventually('writes at the source', () => Promise.resolve(position() > before));
  };

  it.each(['proxies', 'auto'] as const)('keeps clients waiting for a moment (%s)', async (way) => {
    await setWay(way);
    const { id, report } = await moveUnderLoad();
    expect(await scene.sent(id)).toContain(`hold requests of slot ${slot}`);
    expect(Number((await scene.lab.engine.get(id)).facts.heldMs)).toBeLessThan(200);
    expect(report.longestStallOverallMs).toBeLessThan(200);
  });

  describe('that somebody ends in between', () => {
    const resync = () => scene.router.resyncGroup(1);
    /** As an operator does it in the dashboard's pages: the proxy is sent all routes. */
    const bringOnline = async (name: string): Promise<void> => {
      const { address } = scene.lab.sandbox.dashboard.process;
      const path = `api/topom/proxy/online/${dashboardXAuth('lab')}/${proxy(name).process.adminAddress}`;
      const { status } = await fetch(`http://${address}/${path}`, { method: 'PUT' });
      expect(status).toBe(200);
    };

    it('goes on after an operator filled the group before the detach', async () => {
      const trap = when(commands.detachMaster, 'received', async () => {
        await resync();
        await clientsGoOn();
      });
      const { id } = await moveUnderLoad(() => trap.sprung);
      await scene.waited(id, 'hold-lost');
    });

    it('goes on after he did it when the target was detached', async () => {
      const trap = when(commands.detachMaster, 'executed', async () => {
        await resync();
        await clientsGoOn();
      });
      const { id } = await moveUnderLoad(() => trap.sprung);
      await scene.waited(id, 'hold-lost');
    });

    it('keeps the copy at the source when writes slipped in as the router was being told', async () => {
      const trap = when(assigning, 'received', async () => {
        await resync();
        await clientsGoOn();
      });
      const load = await Load.start(scene.lab.proxies, [slot]);
      const id = await scene.lab.move(slot);
      await trap.sprung;
      await scene.blocked(id, 'source-moved');
      expect(scene.holds('pika1', slot)).toBe(true);
      await load.stop();
    });

    it('goes on after a proxy was brought online again', async () => {
      const trap = when(commands.detachMaster, 'received', async () => {
        await bringOnline('proxy2');
        await clientsGoOn();
      });
      const { id } = await moveUnderLoad(() => trap.sprung);
      await scene.waited(id, 'hold-lost');
    });
  });

  describe('with a proxy that fails', () => {
    it('goes on after the proxy has restarted during the hold', async () => {
      const trap = when(holdAt('proxy2'), 'executed', () => proxy('proxy2').apply('restart'), 'drop');
      const { report } = await moveUnderLoad(() => trap.sprung, [clientOf('proxy1')]);
      expectHeldInTime(report);
    });

    it.each([
      ['dies', 'crash', 'restart'],
      ['hangs', 'freeze', 'thaw'],
    ] as const)('releases the others at once when one %s as it is told to hold', async (_, fault, cure) => {
      const trap = when(holdAt('proxy2'), 'received', () => proxy('proxy2').apply(fault), 'drop');
      const { report } = await moveUnderLoad(
        async (id) => {
          await trap.sprung;
          expect(await scene.waited(id, 'proxy-unhealthy')).toContain(proxy('proxy2').process.adminAddress);
          await clientsGoOn();
          await expectQuiet(id);
          await proxy('proxy2').apply(cure);
        },
        [clientOf('proxy1')],
      );
      expectHeldInTime(report);
    });

    /** Waiting for a proxy leaves no trail of attempts in the log. */
    const expectQuiet = async (id: string): Promise<void> => {
      await scene.lab.until(id, 'the end of the guard', ({ guard }) => guard === null, 5_000);
      const { length } = await scene.lab.engine.history(id);
      await pause(1_500);
      expect((await scene.lab.engine.history(id)).length - length).toBeLessThan(3);
    };

    it('begins no hold while one is dead, and names it', async () => {
      await proxy('proxy2').apply('crash');
      const id = await scene.lab.move(slot);
      expect(await scene.waited(id, 'proxy-unhealthy')).toContain(proxy('proxy2').process.adminAddress);
      await proxy('proxy2').apply('restart');
      await scene.completed(id);
      await expectMoved(scene.lab, id, slot);
    });

    it('goes on when one dies between the detach and the new route', async () => {
      const trap = when(assigning, 'received', () => proxy('proxy2').apply('crash'));
      const { report } = await moveUnderLoad(
        async (id) => {
          await trap.sprung;
          await scene.waited(id, 'proxy-unhealthy');
          await proxy('proxy2').apply('restart');
        },
        [clientOf('proxy1')],
      );
      expectHeldInTime(report);
    });

    it('releases one that comes to hold only after everybody was released', async () => {
      const late = lateHold();
      const { report } = await moveUnderLoad(async () => {
        await late.sent;
        await scene.eventually('the release', async () => !(await held('proxy1')));
        await late.arrive();
      });
      expectHeldInTime(report);
    });

    it('releases one that comes to hold while the old copies are cleaned up', async () => {
      when(commands.detachOldReplica, 'executed', () => scene.router.hold([{ table: 0, slot }]));
      const { report } = await moveUnderLoad();
      expectHeldInTime(report);
    });

    it('releases it too when the move was cancelled meanwhile', async () => {
      const late = lateHold();
      const id = await scene.lab.move(slot);
      await late.sent;
      await scene.eventually('the release', async () => !(await held('proxy1')));
      await scene.lab.engine.steer(id, { kind: 'cancel', reason: 'test' }, { actor: 'operator:test' });
      await late.arrive();
      await scene.lab.untilEnded(id, 15_000);
      await expectTakenBack(scene.lab, id, slot);
    });

    /** Keeps the first order to hold away from proxy2, and lets it come when asked. */
    const lateHold = (): { sent: Promise<unknown>; arrive: () => Promise<void> } => {
      let letGo: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (letGo = resolve));
      let tell: () => void = () => undefined;
      const sent = new Promise<void>((resolve) => (tell = resolve));
      const trap = when(holdAt('proxy2'), 'received', () => {
        tell();
        return gate;
      });
      return {
        sent,
        arrive: async () => {
          letGo();
          await trap.sprung;
        },
      };
    };
  });

  describe('with a dashboard that fails', () => {
    it.each([
      ['dies', 'crash', 'restart'],
      ['hangs', 'freeze', 'thaw'],
    ] as const)('releases clients when it %s during the hold', async (_, fault, cure) => {
      const { dashboard } = scene.lab.sandbox;
      const trap = when(holdAt('proxy2'), 'executed', () => dashboard.apply(fault));
      const { report } = await moveUnderLoad(async () => {
        await trap.sprung;
        await clientsGoOn();
        await dashboard.apply(cure);
      });
      expectHeldInTime(report);
    });

    it('goes forward when it is back after it died as it was told the new group', async () => {
      const { dashboard } = scene.lab.sandbox;
      const trap = when(assigning, 'received', () => dashboard.apply('crash'), 'drop');
      await moveUnderLoad(async (id) => {
        await trap.sprung;
        await scene.waited(id, 'router-unreachable');
        expect((await scene.lab.engine.get(id)).committed).toBe(true);
        await dashboard.apply('restart');
      });
    });
  });

  it('releases clients within the budget when the target freezes', async () => {
    const target = scene.lab.node('pika5');
    const trap = when(holdAt('proxy2'), 'executed', () => target.freeze());
    const { id, report } = await moveUnderLoad(async () => {
      await trap.sprung;
      await clientsGoOn();
      target.thaw();
    });
    await scene.waited(id, 'hold-budget-exceeded');
    expect(report.longestStallOverallMs).toBeLessThan(budgetMs + slackMs);
  });

  describe('with a wrong password of the proxies', () => {
    const wrong = (handover: ClusterDefinition['migration']['handover']): Promise<void> => {
      process.env.SPEC_WRONG_PRODUCT_PASSWORD = 'wrong-battery';
      return scene.redefine((definition) => ({
        ...definition,
        router: { ...definition.router, productAuth: { env: 'SPEC_WRONG_PRODUCT_PASSWORD' } },
        migration: { ...definition.migration, handover },
      }));
    };

    it('goes the way of the dashboard where it may', async () => {
      await wrong('auto');
      const { id } = await moveUnderLoad();
      expect(await scene.sent(id)).toContain(`queue the handover of slot ${slot} to group 3`);
    });

    it('waits where it may not, and says why', async () => {
      await wrong('proxies');
      await moveUnderLoad(async (id) => {
        expect(await scene.waited(id, 'proxies-cannot-hold')).toContain('xauth');
        await scene.redefine((definition) => definition);
        await scene.hurry(id);
      });
    });
  });

  it('carries sixteen slots at once, and no hold ends with that of another', async () => {
    const slots = Array.from({ length: 16 }, (_, index) => slot + index);
    slot += 15;
    const load = await Load.start(scene.lab.proxies, slots);
    const ids = await Promise.all(slots.map((one) => scene.lab.move(one)));
    for (const id of ids) await scene.completed(id);
    const report = await load.stop();
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    expectHeldInTime(report);
    for (const [index, id] of ids.entries()) {
      await expectMoved(scene.lab, id, slots[index] ?? -1);
      expect(await scene.lab.story(id)).not.toContain('hold-lost');
    }
  });
});

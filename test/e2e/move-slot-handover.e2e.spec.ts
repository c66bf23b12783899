import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { expectMoved } from '../support/outcome';
import { Load, type LoadReport } from '../support/load';
import { Scene } from './scene';

const budgetMs = 1_000;
/** What a hold may take on top of its budget: to be noticed, taken back at the dashboard, and sent to the proxies. */
const slackMs = 1_000;
/** On top of that, when the target dies behind the intent to detach it. */
const afterIntentMs = 2_000;

describe('what goes wrong while clients are held', () => {
  let scene: Scene;
  let slot = -1;
  beforeAll(async () => {
    scene = await Scene.start({ holdBudgetMs: budgetMs, sandbox: { peerTimeoutMs: 3_000 } });
  });
  beforeEach(() => {
    slot += 1;
  });
  afterEach(async () => {
    await scene.recover();
    await scene.refreshProxies();
  });
  afterAll(() => scene.stop());

  /** Does something once, as soon as every proxy holds the slot and the worker looks at the target. */
  const whenHeld = (act: () => Promise<void> | void): void => {
    let hasActed = false;
    scene.lab.node('pika5').tap = async ({ text, moment }): Promise<TapVerdict> => {
      if (hasActed || moment !== 'received' || !text.includes('info slot') || !(await isHeld()))
        return 'pass';
      hasActed = true;
      await act();
      return scene.lab.node('pika5').condition === 'down' ? 'drop' : 'pass';
    };
  };

  const isHeld = async (): Promise<boolean> => {
    const { handover } = await scene.router.route({ table: 0, slot });
    return handover?.state === 'holding';
  };

  const moveUnderLoad = async (disturb: (id: string) => Promise<void>): Promise<LoadReport> => {
    const load = await Load.start(scene.lab.proxies, [slot]);
    const id = await scene.lab.move(slot);
    let report: LoadReport;
    try {
      await disturb(id);
      await scene.completed(id);
    } finally {
      report = await load.stop();
    }
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    await expectMoved(scene.lab, id, slot);
    return report;
  };

  /** Clients go on at the source: its position moves. */
  const clientsGoOn = async (): Promise<void> => {
    const position = () => scene.lab.node('pika1').findSlot({ table: 0, slot })?.binlog.position.offset ?? 0;
    const before = position();
    await scene.eventually('writes at the source', () => Promise.resolve(position() > before));
  };

  it('takes the hold back when the target dies, and goes on when it is there again', async () => {
    whenHeld(() => scene.lab.node('pika5').crash());
    const report = await moveUnderLoad(async (id) => {
      expect(await scene.waited(id, 'node-unreachable')).toContain(scene.address('pika5'));
      await clientsGoOn();
      expect((await scene.lab.engine.get(id)).committed).toBe(false);
      await scene.lab.node('pika5').restart();
      await scene.refreshProxies();
      await scene.hurry(id);
    });
    expect(report.longestStallOverallMs).toBeLessThan(budgetMs + slackMs);
  });

  it('goes back when the target dies between the intent to detach it and the detach', async () => {
    scene.lab.node('pika5').tap = async ({ text, moment }): Promise<TapVerdict> => {
      if (moment !== 'received' || !text.includes('slotsslaveof no one')) return 'pass';
      await scene.lab.node('pika5').crash();
      return 'drop';
    };
    const report = await moveUnderLoad(async (id) => {
      expect(await scene.waited(id, 'node-unreachable')).toContain(scene.address('pika5'));
      await clientsGoOn();
      expect((await scene.router.view()).handovers.disabled).toBe(false);
      scene.lab.node('pika5').tap = undefined;
      await scene.lab.node('pika5').restart();
      await scene.refreshProxies();
      await scene.hurry(id);
    });
    expect(report.longestStallOverallMs).toBeLessThan(budgetMs + afterIntentMs + slackMs);
  });

  it('can be cancelled after that, though the target stays dead', async () => {
    await scene.fill('pika1', slot, 5);
    const wanted = scene.copy('pika1', slot);
    scene.lab.node('pika5').tap = async ({ text, moment }): Promise<TapVerdict> => {
      if (moment !== 'received' || !text.includes('slotsslaveof no one')) return 'pass';
      await scene.lab.node('pika5').crash();
      return 'drop';
    };
    const id = await scene.lab.move(slot);
    await scene.waited(id, 'node-unreachable');
    scene.lab.node('pika5').tap = undefined;
    await scene.lab.engine.steer(id, { kind: 'cancel', reason: 'the test' }, { actor: 'operator:test' });
    await scene.lab.until(id, 'the way back', ({ direction }) => direction === 'undo', 10_000);
    await scene.lab.node('pika5').restart();
    const state = await scene.lab.untilEnded(id, 20_000);
    expect(state.status).toBe('cancelled');
    expect(scene.copy('pika1', slot)).toEqual(wanted);
    expect([scene.holds('pika5', slot), scene.holds('pika6', slot)]).toEqual([false, false]);
  });

  it('takes the hold back when the target does not catch up within the budget', async () => {
    const source = scene.lab.node('pika1');
    whenHeld(() => {
      // Written past the proxies: the held clients write nothing.
      source.holdsReplication = true;
      return scene.fill('pika1', slot, 3).then(() => undefined);
    });
    const report = await moveUnderLoad(async (id) => {
      await scene.waited(id, 'hold-budget-exceeded');
      await clientsGoOn();
      expect(await scene.sent(id)).toContainEqual(
        expect.stringMatching(`^assign slot ${slot} back to group 1`),
      );
      source.holdsReplication = false;
      await scene.hurry(id);
    });
    expect(report.longestStallOverallMs).toBeGreaterThan(budgetMs / 2);
    expect(report.longestStallOverallMs).toBeLessThan(budgetMs + slackMs);
  });

  it('asks an operator when the budget was exceeded five times', async () => {
    const source = scene.lab.node('pika1');
    const id = await scene.lab.move(slot);
    scene.lab.node('pika5').tap = async ({ text, moment }): Promise<TapVerdict> => {
      if (
        moment !== 'received' ||
        !text.includes('info slot') ||
        source.holdsReplication ||
        !(await isHeld())
      )
        return 'pass';
      source.holdsReplication = true;
      await scene.fill('pika1', slot, 1, `w${Date.now()}`);
      return 'pass';
    };
    await scene.eventually('the fifth take-back', async () => {
      const state = await scene.lab.engine.get(id);
      if (state.blocked?.problem.code === 'hold-budget-exceeded') return true;
      const { handover } = await scene.router.route({ table: 0, slot });
      if (!source.holdsReplication || handover) return false;
      source.holdsReplication = false;
      await scene.hurry(id);
      return false;
    });
    const { blocked } = await scene.blocked(id, 'hold-budget-exceeded');
    expect(blocked?.problem.message).toContain('5 times');
    scene.lab.node('pika5').tap = undefined;
    await scene.approve(id, 'hold-budget-exceeded');
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  it('queues nothing when a proxy died right before', async () => {
    const proxy = scene.lab.sandbox.proxies.get('proxy2');
    scene.lab.node('pika6').tap = async ({ text, moment }): Promise<TapVerdict> => {
      if (moment === 'executed' && text.includes('slotsslaveof') && proxy?.condition === 'running')
        await proxy.apply('crash');
      return 'pass';
    };
    await scene.fill('pika1', slot, 5);
    const id = await scene.lab.move(slot);
    expect(await scene.waited(id, 'proxy-unhealthy')).toContain(proxy?.process.adminAddress);
    scene.lab.node('pika6').tap = undefined;
    expect((await scene.sent(id)).filter((action) => action.startsWith('queue'))).toEqual([]);
    await proxy?.apply('restart');
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
  });

  it.each([
    ['dies', 'crash', 'restart'],
    ['hangs', 'freeze', 'thaw'],
  ] as const)('brings the slot over when a proxy %s after every proxy held', async (_what, fault, cure) => {
    const proxy = scene.lab.sandbox.proxies.get('proxy2');
    await scene.fill('pika1', slot, 10);
    const wanted = scene.copy('pika1', slot);
    whenHeld(() => proxy?.apply(fault));
    const id = await scene.lab.move(slot);
    await scene.eventually('the fault', () => Promise.resolve(proxy?.condition !== 'running'));
    scene.lab.node('pika5').tap = undefined;
    await scene.lab.until(
      id,
      'a wait',
      ({ waiting, phase }) => waiting !== null && phase === 'handover',
      15_000,
    );
    await proxy?.apply(cure);
    await scene.completed(id);
    await expectMoved(scene.lab, id, slot);
    expect(scene.copy('pika5', slot)).toEqual(wanted);
  });

  it('begins again when an operator takes the slot back at the dashboard', async () => {
    whenHeld(() => scene.router.assign([{ table: 0, slot }], 1).then(() => scene.router.resyncGroup(1)));
    const report = await moveUnderLoad(async (id) => {
      await scene.waited(id, 'handover-gone');
    });
    expect(report.longestStallOverallMs).toBeLessThan(budgetMs + slackMs);
  });
});

import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { eventually } from '../support/eventually';
import { Load } from '../support/load';
import { catchingUp, holdingSeen, type Moment, type Point, switchSeen } from '../support/points';
import { assigning, holdAt } from '../support/proxy-points';
import { setTrap } from '../support/trap';
import { Scene } from './scene';

const slot = 3;
const ann = { actor: 'operator:ann' };

describe('a move whose master is replaced by a failover', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await Scene.start()));
  afterEach(() => scene.stop());

  /** Starts the move; in the moment named it is paused and the node dies. */
  const moveUntil = async (
    point: Point,
    moment: Moment,
    victim: string,
    verdict: TapVerdict = 'pass',
  ): Promise<string> => {
    let tell: (id: string) => void = () => undefined;
    const started = new Promise<string>((resolve) => (tell = resolve));
    const trap = setTrap(scene.lab, slot, point, moment, async (): Promise<TapVerdict> => {
      await scene.lab.engine.steer(await started, { kind: 'pause', reason: 'failover fo-1' }, ann);
      await scene.lab.node(victim).crash();
      return verdict;
    });
    const id = await scene.lab.move(slot);
    tell(id);
    await trap.sprung;
    await scene.lab.until(id, 'no guard', ({ guard }) => guard === null, 10_000);
    return id;
  };

  /** What a failover does at the nodes and the router. */
  const promote = async (group: number, name: string): Promise<void> => {
    const { routes } = await scene.router.view();
    const owned = routes.flatMap((route) => (route.group === group ? [route.slot] : []));
    const held = owned.filter((one) => scene.holds(name, one));
    if (held.length > 0) await scene.pika(name).detach(held);
    await scene.router.promote(group, scene.address(name));
  };

  const goOn = async (id: string, group: number, name: string): Promise<void> => {
    const settings = { masters: { [String(group)]: scene.address(name) } };
    await scene.lab.engine.steer(id, { kind: 'change', settings, reason: 'failover fo-1' }, ann);
    await scene.lab.engine.steer(id, { kind: 'resume' }, ann);
  };

  const level = (name: string, other: string): Promise<true> =>
    eventually(
      `${name} level with ${other}`,
      () => JSON.stringify(scene.copy(name, slot)) === JSON.stringify(scene.copy(other, slot)),
      10_000,
    );

  const expectOwner = async (name: string): Promise<void> => {
    const { proxies } = await scene.router.view();
    for (const proxy of proxies) {
      const [route] = await scene.router.proxyRoutes(proxy, [{ table: 0, slot }]);
      expect(route).toMatchObject({ backend: scene.address(name), locked: false });
    }
  };

  it('goes on from the source that took over, and nothing it acknowledged is lost', async () => {
    await scene.fill('pika1', slot, 30);
    await level('pika2', 'pika1');
    const id = await moveUntil(catchingUp, 'received', 'pika1');
    await promote(1, 'pika2');
    const load = await Load.start(scene.lab.proxies, [slot]);
    await goOn(id, 1, 'pika2');
    await scene.completed(id);
    const report = await load.stop();
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    await expectOwner('pika5');
    await level('pika6', 'pika5');
    expect(scene.holds('pika2', slot)).toBe(false);
    expect(await scene.sent(id)).toContain(
      `attach slots ${slot} to ${scene.address('pika2')} with a full copy`,
    );
    const { phaseRecords } = await scene.lab.engine.get(id);
    expect(phaseRecords['clean-up']?.result).toEqual({ away: [scene.address('pika1')], kept: [] });
  });

  it('takes from the new source what it has, not what the target got from the dead one beyond that', async () => {
    await scene.fill('pika1', slot, 10);
    await level('pika2', 'pika1');
    await scene.pika('pika2').detach([slot]); // It falls behind.
    await scene.fill('pika1', slot, 10, 'late');
    const id = await moveUntil(catchingUp, 'received', 'pika1');
    expect(scene.copy('pika5', slot)).not.toEqual(scene.copy('pika2', slot));
    await promote(1, 'pika2');
    // As far as the target, with other writes: to it, all looks well.
    await scene.fill('pika2', slot, 20, 'other');
    const wanted = scene.copy('pika2', slot);
    await goOn(id, 1, 'pika2');
    await scene.completed(id);
    expect(scene.copy('pika5', slot)).toEqual(wanted);
    await level('pika6', 'pika5');
  });

  it('goes on to the target that took over, which follows the source directly', async () => {
    await scene.fill('pika1', slot, 30);
    const load = await Load.start(scene.lab.proxies, [slot]);
    const id = await moveUntil(catchingUp, 'received', 'pika5');
    await promote(3, 'pika6');
    await goOn(id, 3, 'pika6');
    await scene.completed(id);
    const report = await load.stop();
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    await expectOwner('pika6');
    expect(['pika1', 'pika2'].map((name) => scene.holds(name, slot))).toEqual([false, false]);
    expect((await scene.sent(id)).filter((action) => action.includes('full copy'))).toEqual([]);
    expect(await scene.sent(id)).toContain(`attach slots ${slot} to ${scene.address('pika1')}`);
  });

  it('can be cancelled then, and leaves nothing but what a dead node holds', async () => {
    const id = await moveUntil(catchingUp, 'received', 'pika5');
    await promote(3, 'pika6');
    const settings = { masters: { '3': scene.address('pika6') } };
    await scene.lab.engine.steer(id, { kind: 'change', settings, reason: 'failover fo-1' }, ann);
    await scene.lab.engine.steer(id, { kind: 'cancel', reason: 'the test' }, ann);
    expect((await scene.lab.untilEnded(id, 20_000)).status).toBe('cancelled');
    expect(scene.holds('pika6', slot)).toBe(false);
    await expectOwner('pika1');
  });

  it('gives clients back to the source when the target dies while they are held, also while it is paused', async () => {
    const held: Point = {
      name: 'a look at the target while every proxy holds',
      server: 'pika5',
      is: ({ text }) => text.includes('info slot') && holdingNow,
    };
    let holdingNow = false;
    scene.lab.sandbox.dashboard.process.tap = ({ answer }) => {
      holdingNow ||= answer?.includes('"state": "migrating"') === true;
      return 'pass';
    };
    const load = await Load.start(scene.lab.proxies, [slot]);
    const id = await moveUntil(held, 'received', 'pika5');
    expect(await scene.lab.engine.get(id)).toMatchObject({ paused: true, committed: false });
    await expectOwner('pika1');
    await promote(3, 'pika6');
    await goOn(id, 3, 'pika6');
    await scene.completed(id);
    const report = await load.stop();
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    await expectOwner('pika6');
  });

  it('goes on from the new source when the old one dies while clients are held', async () => {
    await scene.fill('pika1', slot, 10);
    await level('pika2', 'pika1');
    const id = await moveUntil(holdingSeen, 'executed', 'pika1');
    expect(await scene.lab.engine.get(id)).toMatchObject({ paused: true, guard: null });
    await promote(1, 'pika2');
    const wanted = scene.copy('pika2', slot);
    await goOn(id, 1, 'pika2');
    await scene.completed(id);
    await expectOwner('pika5');
    expect(scene.copy('pika5', slot)).toEqual(wanted);
  });

  describe('after the handover', () => {
    it('says that a source that was replaced cannot be compared, and tidies up what is there', async () => {
      await scene.fill('pika1', slot, 10);
      await level('pika2', 'pika1');
      const wanted = scene.copy('pika1', slot);
      const id = await moveUntil(switchSeen(), 'executed', 'pika1');
      await promote(1, 'pika2');
      await goOn(id, 1, 'pika2');
      await scene.completed(id);
      const { phaseRecords } = await scene.lab.engine.get(id);
      expect(phaseRecords.verify?.result).toMatchObject({
        notCompared: `${scene.address('pika1')} was replaced`,
      });
      expect(scene.copy('pika5', slot)).toEqual(wanted);
      expect(scene.holds('pika2', slot)).toBe(false);
    });

    it('keeps the source when the target was replaced by one that was not seen to hold everything', async () => {
      await scene.fill('pika1', slot, 10);
      const wanted = scene.copy('pika1', slot);
      const id = await moveUntil(switchSeen(), 'executed', 'pika5');
      await promote(3, 'pika6');
      await goOn(id, 3, 'pika6');
      const { blocked } = await scene.blocked(id, 'target-replaced');
      expect(blocked?.problem.message).toContain(scene.address('pika5'));
      expect(scene.copy('pika1', slot)).toEqual(wanted);
      await scene.approve(id, 'target-replaced');
      await scene.completed(id);
      expect(['pika1', 'pika2'].map((name) => scene.holds(name, slot))).toEqual([false, false]);
      expect(scene.copy('pika6', slot)).toEqual(wanted);
    });
  });

  describe('with requests held at the proxies', () => {
    beforeEach(async () => {
      await scene.stop();
      scene = await Scene.start({ handover: 'proxies' });
    });

    it('goes on from the new source when the old one dies while clients are held', async () => {
      await scene.fill('pika1', slot, 10);
      await level('pika2', 'pika1');
      const id = await moveUntil(holdAt('proxy2'), 'executed', 'pika1');
      expect(await scene.lab.engine.get(id)).toMatchObject({ paused: true, guard: null, committed: false });
      await promote(1, 'pika2');
      const load = await Load.start(scene.lab.proxies, [slot]);
      await goOn(id, 1, 'pika2');
      await scene.completed(id);
      const report = await load.stop();
      expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
      await expectOwner('pika5');
    });

    it('goes on to the new target when the old one dies while clients are held', async () => {
      const load = await Load.start(scene.lab.proxies, [slot]);
      const id = await moveUntil(holdAt('proxy2'), 'executed', 'pika5');
      await promote(3, 'pika6');
      await goOn(id, 3, 'pika6');
      await scene.completed(id);
      const report = await load.stop();
      expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
      await expectOwner('pika6');
    });

    it('hands over though the source dies, and the order with it, when nothing was left to be done but to tell the router', async () => {
      await scene.fill('pika1', slot, 10);
      await level('pika2', 'pika1');
      const wanted = scene.copy('pika1', slot);
      const id = await moveUntil(assigning, 'received', 'pika1', 'drop');
      await expectOwner('pika5');
      expect((await scene.lab.engine.get(id)).committed).toBe(true);
      await promote(1, 'pika2');
      await goOn(id, 1, 'pika2');
      await scene.completed(id);
      expect(scene.copy('pika5', slot)).toEqual(wanted);
      expect(scene.holds('pika2', slot)).toBe(false);
    });
  });
});

import { Rebalancing } from './rebalancing';
import { Scene } from './scene';

const actor = { actor: 'operator:test' };

/** A window of an hour that begins so many hours from now. */
function windowIn(hours: number): string {
  const time = (more: number): string => {
    const hour = (new Date().getUTCHours() + hours + more + 24) % 24;
    return `${String(hour).padStart(2, '0')}:00`;
  };
  return `${time(0)}-${time(1)}`;
}

const closed = windowIn(12);
/** Three hours around the present one, also when that changes during the test. */
const open = [windowIn(-1), windowIn(0), windowIn(1)];

describe('a rebalance with windows', () => {
  let scene: Scene;
  let rebalancing: Rebalancing;
  beforeAll(async () => {
    scene = await Scene.start({ slotsPerGroup: 18 });
    rebalancing = new Rebalancing(scene.lab);
  });
  afterEach(async () => {
    await scene.recover();
    await rebalancing.endAll();
  });
  afterAll(() => scene.stop());

  it('does not begin outside of them, says when it will, and begins when they are changed', async () => {
    const id = await rebalancing.beginMoving([0, 1], { windows: [closed] });
    const message = await scene.waited(id, 'outside-windows');
    expect(message).toContain(`T${closed.slice(0, 5)}:00`);
    expect(await scene.sent(id)).toEqual([]);
    await rebalancing.change(id, { windows: open });
    expect((await rebalancing.ended(id)).status).toBe('completed');
    await rebalancing.expectTidy();
  });

  it('hands nothing over when they close, and goes on when they open, but not with what an operator paused', async () => {
    scene.lab.node('pika1').holdsReplication = true;
    for (const slot of [2, 3, 4, 5]) await scene.fill('pika1', slot, 3);
    const id = await rebalancing.beginMoving([2, 3, 4, 5], { inFlight: 3 });
    await rebalancing.untilOpen(id, 'three moves', (count) => count === 3);
    const [first, ...others] = (await rebalancing.children(id)).map((one) => one.id).sort();
    if (first === undefined) throw new Error('nothing moves');
    await scene.lab.engine.steer(first, { kind: 'pause', reason: 'by hand' }, actor);

    await rebalancing.change(id, { windows: [closed] });
    for (const child of others) {
      const isPaused = async (): Promise<boolean> =>
        (await scene.lab.engine.summary(child)).status === 'paused';
      await scene.eventually(`${child} to rest`, isPaused);
    }
    scene.lab.node('pika1').holdsReplication = false;
    const progress = async () => rebalancing.progress(id);
    await scene.eventually('the word of it', async () => (await progress())?.boundBy === 'outside-windows');
    expect((await progress())?.opensAt).toContain(`T${closed.slice(0, 5)}:00`);
    const { routes } = await rebalancing.view();
    expect([2, 3, 4, 5].map((slot) => routes.find((one) => one.slot === slot)?.group)).toEqual([1, 1, 1, 1]);

    await rebalancing.change(id, { windows: [] });
    await rebalancing.untilMoved(id, 3);
    expect((await scene.lab.engine.summary(first)).status).toBe('paused');
    await scene.lab.engine.steer(first, { kind: 'resume' }, actor);
    expect((await rebalancing.ended(id)).status).toBe('completed');
    expect((await scene.lab.engine.get(id)).phaseRecords.move?.result).toEqual({ moved: 4, skipped: 0 });
    await rebalancing.expectTidy();
  });

  it('can be cancelled outside of them', async () => {
    scene.lab.node('pika1').holdsReplication = true;
    for (const slot of [6, 7]) await scene.fill('pika1', slot, 3);
    const id = await rebalancing.beginMoving([6, 7]);
    await rebalancing.untilOpen(id, 'two moves', (count) => count === 2);
    await rebalancing.change(id, { windows: [closed] });
    await scene.waited(id, 'outside-windows');
    await rebalancing.cancel(id);
    expect((await rebalancing.ended(id)).status).toBe('cancelled');
    scene.lab.node('pika1').holdsReplication = false;
    await rebalancing.expectTidy();
  });

  it('slows down while the replicas of a group at work fall behind, and says so', async () => {
    const still = 30; // Of group 2, and it stays there.
    const busy = [18, 19, 20];
    for (const slot of busy) await scene.fill('pika3', slot, 3);
    scene.lab.node('pika3').holdsReplication = true;
    const id = await rebalancing.beginMoving(busy, { inFlight: 2 });
    await rebalancing.untilOpen(id, 'two moves', (count) => count === 2);
    const [key = ''] = await scene.fill('pika3', still, 1);
    for (let round = 0; round < 3; round += 1)
      await scene.pika('pika3').raw(['SET', key, 'x'.repeat(600_000)]);
    const slowedDown = async (): Promise<boolean> => ((await rebalancing.progress(id))?.pace ?? 1) < 1;
    await scene.eventually('a slower pace', slowedDown);
    expect((await rebalancing.progress(id))?.paceBecause).toMatch(/^a replica fell [\d.]+ MiB behind$/);
    scene.lab.node('pika3').holdsReplication = false;
    expect((await rebalancing.ended(id)).status).toBe('completed');
    await rebalancing.expectTidy();
  });
});

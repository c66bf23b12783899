import { Load } from '../support/load';
import { Rebalancing } from './rebalancing';
import { Scene } from './scene';

const slotsPerGroup = 18;

describe('a rebalance', () => {
  let scene: Scene;
  let rebalancing: Rebalancing;
  beforeAll(async () => {
    scene = await Scene.start({ slotsPerGroup });
    rebalancing = new Rebalancing(scene.lab);
  });
  afterEach(async () => {
    await scene.recover();
    await rebalancing.endAll();
  });
  afterAll(() => scene.stop());

  const owned = (owners: Map<number, number>, group: number): number =>
    [...owners.values()].filter((one) => one === group).length;

  it('evens two groups out over three under load, within its limits, and its undo brings everything back', async () => {
    const before = await rebalancing.expectTidy();
    const plan = await rebalancing.plan({ kind: 'even' }, { inFlight: 6, perSource: 4, perTarget: 5 });
    expect(plan.count).toBe(12);
    const load = await Load.start(scene.lab.proxies, [0, 14, 33]);
    const id = await rebalancing.begin(plan);
    const state = await rebalancing.ended(id);
    const report = await load.stop();
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    expect(state.status).toBe('completed');

    const after = await rebalancing.expectTidy();
    expect([1, 2, 3].map((group) => owned(after, group))).toEqual([12, 12, 12]);
    expect(await rebalancing.mostAtOnce(id)).toBeLessThanOrEqual(5);
    expect(await rebalancing.mostAtOnce(id, ({ from }) => from === 1)).toBeLessThanOrEqual(4);
    expect(await rebalancing.mostAtOnce(id)).toBeGreaterThan(1);
    const progress = await rebalancing.progress(id);
    expect(progress).toMatchObject({ total: 12, moved: 12, waiting: 0, stuck: 0, etaSeconds: 0 });
    expect(progress?.held?.max).toBeLessThan(2_000);

    const back = await rebalancing.plan({ kind: 'undo', moves: await movesOf(id) });
    expect(back.count).toBe(12);
    expect((await rebalancing.ended(await rebalancing.begin(back))).status).toBe('completed');
    expect(await rebalancing.expectTidy()).toEqual(before);
  }, 60_000);

  const movesOf = async (id: string) =>
    (await rebalancing.children(id)).map(
      ({ input }) => input as { table: number; slot: number; from: number; to: number },
    );

  it('starts nothing new while it is paused, and goes on when it is resumed', async () => {
    const id = await rebalancing.beginMoving([0, 1, 2, 3, 4, 5], { inFlight: 2 });
    await rebalancing.untilMoved(id, 1);
    await rebalancing.pause(id);
    // What was being started while the pause came in is still noted.
    await rebalancing.untilOpen(id, 'an end of what was on its way', (open) => open === 0);
    const before = (await rebalancing.children(id)).map((one) => one.id);
    expect(before.length).toBeLessThan(6);
    expect((await scene.lab.engine.summary(id)).status).toBe('paused');
    const pausedFor = Date.now() + 1_000;
    await scene.eventually('a second without a new move', () => Promise.resolve(Date.now() > pausedFor));
    expect((await rebalancing.children(id)).map((one) => one.id)).toEqual(before);

    await rebalancing.resume(id);
    expect((await rebalancing.ended(id)).status).toBe('completed');
    expect(await rebalancing.children(id)).toHaveLength(6);
    await rebalancing.expectTidy();
  });

  it('is cancelled in the middle: every slot is wholly here or wholly there, and nothing lies about', async () => {
    const slots = [6, 7, 8, 9, 10, 11, 12, 13];
    const load = await Load.start(scene.lab.proxies, [6, 13]);
    const id = await rebalancing.beginMoving(slots, { inFlight: 4 });
    await rebalancing.untilMoved(id, 2);
    await rebalancing.cancel(id);
    const state = await rebalancing.ended(id);
    const report = await load.stop();
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    expect(state.status).toBe('cancelled');

    const owners = await rebalancing.expectTidy();
    const there = slots.filter((slot) => owners.get(slot) === 3);
    expect(there.length).toBeGreaterThanOrEqual(2);
    expect(there.length).toBeLessThan(8);
    const ends = (await rebalancing.children(id)).map(({ input, status }) => [input.slot, status]);
    for (const [slot, status] of ends) {
      expect([slot, owners.get(Number(slot))]).toEqual([slot, status === 'completed' ? 3 : 1]);
    }
  });

  it('takes changed limits up while it runs', async () => {
    scene.lab.node('pika3').holdsReplication = true;
    const slots = [24, 25, 26, 27, 28, 29, 30, 31];
    for (const slot of slots) await scene.fill('pika3', slot, 3);
    const id = await rebalancing.beginMoving(slots, { inFlight: 1 });
    await rebalancing.untilOpen(id, 'the first move', (open) => open === 1);
    await rebalancing.change(id, { inFlight: 4 });
    await rebalancing.untilOpen(id, 'four moves at once', (open) => open === 4);
    await rebalancing.change(id, { inFlight: 2 });
    const changedAt = Date.now();
    scene.lab.node('pika3').holdsReplication = false;
    expect((await rebalancing.ended(id)).status).toBe('completed');
    const all = await rebalancing.children(id);
    const later = all.filter(({ startedAt }) => startedAt > changedAt);
    expect(later).toHaveLength(4);
    for (const { startedAt } of later) {
      const open = all.filter((one) => one.startedAt <= startedAt && (one.endedAt ?? Infinity) > startedAt);
      expect(open.length).toBeLessThanOrEqual(2);
    }
    await rebalancing.expectTidy();
  });
});

import { moveSlotDefinition } from '@slotferry/migration';
import { Rebalancing } from './rebalancing';
import { Scene } from './scene';

describe('a rebalance in trouble', () => {
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

  /** The target has a copy of its own of these slots: their moves ask an operator. */
  const obstruct = async (slots: readonly number[]): Promise<void> => {
    await scene.pika('pika5').addSlots(slots);
    for (const slot of slots) await scene.fill('pika5', slot, 2, 'stray');
  };

  const clear = (slots: readonly number[]): Promise<unknown> => scene.pika('pika5').deleteSlots(slots);

  it('leaves a stuck move alone while the others end, and ends when that one is cancelled', async () => {
    await obstruct([2]);
    const id = await rebalancing.beginMoving([0, 1, 2, 3], { inFlight: 2 });
    const { blocked, children } = await scene.blocked(id, 'moves-stuck');
    expect(blocked?.problem.message).toContain('stuck are slots 2.');
    expect(blocked?.problem.message).toContain(scene.address('pika5'));
    const stuck = rebalancing.child(id, 2);
    expect(Object.keys(children).filter((child) => children[child] !== 'completed')).toEqual([stuck]);
    await rebalancing.cancel(stuck);
    const state = await rebalancing.ended(id);
    expect(state.status).toBe('completed');
    expect(state.phaseRecords.move?.result).toEqual({ moved: 3, skipped: 1 });
    expect(scene.copy('pika5', 2)).not.toEqual(scene.copy('pika1', 2));
    await clear([2]);
    const owners = await rebalancing.expectTidy();
    expect([0, 1, 2, 3].map((slot) => owners.get(slot))).toEqual([3, 3, 1, 3]);
  });

  it('goes on by itself when what was stuck is set right', async () => {
    await obstruct([4]);
    const id = await rebalancing.beginMoving([4, 5]);
    await scene.blocked(id, 'moves-stuck');
    await clear([4]);
    await scene.hurry(rebalancing.child(id, 4));
    expect((await rebalancing.ended(id)).status).toBe('completed');
    await rebalancing.expectTidy();
  });

  it('starts nothing new when too many are stuck, until an operator allows more', async () => {
    const bad = [6, 7, 8];
    await obstruct(bad);
    const id = await rebalancing.beginMoving([...bad, 9, 10, 11, 12, 13, 14], { inFlight: 3, maxFailed: 1 });
    const { blocked } = await scene.blocked(id, 'too-many-failed');
    expect(blocked?.problem.message).toMatch(/^[23] moves are stuck, more than 1/);
    // Moves that were under way when too many got stuck go on to their end.
    await scene.eventually(
      'an end of what was on its way',
      async () => (await rebalancing.progress(id))?.moving === 0,
    );
    const started = (await rebalancing.children(id)).length;
    expect(started).toBeLessThan(9);
    expect(await rebalancing.progress(id)).toMatchObject({
      moving: 0,
      waiting: 9 - started,
    });

    await rebalancing.change(id, { maxFailed: 3 });
    await scene.blocked(id, 'moves-stuck');
    const open = (await rebalancing.children(id)).filter(({ endedAt }) => endedAt === null);
    expect(open.map(({ input }) => input.slot).sort()).toEqual(bad);
    await clear(bad);
    for (const slot of bad) await scene.hurry(rebalancing.child(id, slot));
    expect((await rebalancing.ended(id)).status).toBe('completed');
    await rebalancing.expectTidy();
  });

  it('does not begin when the cluster is not as it was planned for', async () => {
    const refs = [15, 16].map((slot) => ({ table: 0, slot }));
    const plan = await rebalancing.plan({ kind: 'slots', slots: refs, to: 3 });
    await scene.completed(await scene.lab.move(16, 2));
    const id = await rebalancing.begin(plan);
    const { blocked } = await scene.blocked(id, 'plan-drifted');
    expect(blocked?.problem.message).toContain('slot 16 belongs to group 2, not to group 1');
    await rebalancing.cancel(id);
    expect((await rebalancing.ended(id)).status).toBe('cancelled');
    expect(await scene.sent(id)).toEqual([]);
    expect(await rebalancing.children(id)).toEqual([]);
    await rebalancing.expectTidy();
  });

  it('finds moves that somebody made meanwhile done', async () => {
    const refs = [15, 17].map((slot) => ({ table: 0, slot }));
    const plan = await rebalancing.plan({ kind: 'slots', slots: refs, to: 3 });
    await scene.completed(await scene.lab.move(17));
    const id = await rebalancing.begin(plan);
    const state = await rebalancing.ended(id);
    expect(state.phaseRecords.move?.result).toEqual({ moved: 2, skipped: 0 });
    expect(await rebalancing.children(id)).toHaveLength(1);
    await rebalancing.expectTidy();
  });

  it('takes no place from the others for a slot that another workflow holds', async () => {
    await obstruct([18]);
    const input = { cluster: 'lab', table: 0, slot: 18, from: 2, to: 3 };
    const own = await scene.lab.engine.start(moveSlotDefinition, input, { actor: 'operator:test' });
    const id = await rebalancing.beginMoving([18, 19], { inFlight: 1 });
    await rebalancing.untilMoved(id, 1);
    expect((await rebalancing.children(id)).map(({ input: { slot } }) => slot)).toEqual([19]);
    await rebalancing.cancel(own.id);
    await scene.lab.untilEnded(own.id, 10_000);
    await clear([18]);
    const child = rebalancing.child(id, 18);
    await scene.eventually('the move of the slot', async () =>
      (await rebalancing.children(id)).some((one) => one.id === child),
    );
    await scene.hurry(child);
    expect((await rebalancing.ended(id)).status).toBe('completed');
    await rebalancing.expectTidy();
  });
});

import { moveSlotDefinition } from '@slotferry/migration';
import { decideStart, EventLog, Keys, type WorkflowEvent } from '@slotferry/workflow';
import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { Load } from '../support/load';
import { Rebalancing } from './rebalancing';
import { Scene } from './scene';

const slotsPerGroup = 18;
const all = Array.from({ length: 2 * slotsPerGroup }, (_, slot) => slot);

/** Slots of an empty group are created a few at a time; what takes them takes its time here. */
describe('a rebalance that creates its slots', () => {
  let scene: Scene;
  let rebalancing: Rebalancing;
  beforeAll(async () => {
    scene = await Scene.start({ slotsPerGroup });
    rebalancing = new Rebalancing(scene.lab);
    for (const slot of all) await scene.fill(slot < slotsPerGroup ? 'pika1' : 'pika3', slot, 3);
  });
  beforeEach(() => void (scene.lab.sandbox.costs.speed = 2));
  afterEach(async () => {
    scene.lab.sandbox.costs.speed = 'zero';
    await scene.recover();
    await rebalancing.endAll();
  });
  afterAll(() => scene.stop());

  const waitingToBeCreated = async (id: string): Promise<number> =>
    (await rebalancing.children(id)).filter(({ waiting }) => waiting?.code === 'slots-being-created').length;

  const takeBack = async (id: string): Promise<void> => {
    const moves = (await rebalancing.children(id))
      .filter(({ status }) => status === 'completed')
      .map(({ input }) => input as { table: number; slot: number; from: number; to: number });
    if (moves.length === 0) return;
    const back = await rebalancing.plan({ kind: 'undo', moves });
    expect((await rebalancing.ended(await rebalancing.begin(back))).status).toBe('completed');
  };

  it('leaves nothing behind when it is cancelled meanwhile', async () => {
    const before = await rebalancing.expectTidy();
    const id = await rebalancing.beginMoving(all);
    await scene.eventually('moves that wait', async () => (await waitingToBeCreated(id)) > 1);
    const { phase, facts } = await scene.lab.engine.get(id);
    expect(phase).toBe('prepare');
    expect(facts.progress).toMatchObject({ total: all.length, moved: 0, boundBy: 'creating-slots' });
    await rebalancing.cancel(id);
    expect((await rebalancing.ended(id)).status).toBe('cancelled');

    const children = await rebalancing.children(id);
    expect(children.length).toBeGreaterThan(1);
    expect(children.filter(({ status }) => status !== 'cancelled')).toEqual([]);
    expect(await rebalancing.expectTidy()).toEqual(before);
  });

  it('starts nothing new when too many moves are stuck', async () => {
    // Until the next slots are created, it is known that these are stuck.
    scene.lab.sandbox.costs.speed = 1;
    const bad = [0, 1];
    await scene.pika('pika5').addSlots(bad);
    for (const slot of bad) await scene.fill('pika5', slot, 2, 'stray');
    const id = await rebalancing.beginMoving(all, { maxFailed: 1 });
    const { blocked } = await scene.blocked(id, 'too-many-failed');
    expect(blocked?.problem.message).toMatch(/^2 moves are stuck, more than 1/);
    const started = (await rebalancing.children(id)).map(({ input }) => Number(input.slot));
    expect(started).toEqual(expect.arrayContaining(bad));
    // Those that were begun together with them, before it was known.
    expect(started.length).toBeLessThan(all.length / 3);
    await rebalancing.cancel(id);
    expect((await rebalancing.ended(id)).status).toBe('cancelled');
    await scene.pika('pika5').deleteSlots(bad);
    await takeBack(id);
    await rebalancing.expectTidy();
  });

  it('lets a move hand over that an attempt started and could not note', async () => {
    const slots = all.slice(0, 10);
    let id = '';
    let commands = 0;
    scene.lab.node('pika5').tap = async ({ text, moment }): Promise<TapVerdict> => {
      if (moment !== 'received' || !text.includes('addslots') || (commands += 1) !== 2) return 'pass';
      await startUnnoted(id, 7);
      return 'pass';
    };
    id = await rebalancing.beginMoving(slots, { inFlight: 1 });
    expect((await rebalancing.ended(id)).status).toBe('completed');
    expect(commands).toBeGreaterThanOrEqual(2);
    expect(await rebalancing.children(id)).toHaveLength(slots.length);
    await takeBack(id);
    await rebalancing.expectTidy();
  });

  /** What an attempt leaves that dies between a child's first event and its own note of it. */
  const startUnnoted = async (parent: string, slot: number): Promise<void> => {
    const log = new EventLog(scene.lab.client, new Keys('slotferry'));
    const child = rebalancing.child(parent, slot);
    const input = { cluster: 'lab', table: 0, slot, from: 1, to: 3, awaitsCreation: true };
    await log.append(await log.load(child), decideStart(moveSlotDefinition, input, parent), {
      actor: `parent:${parent}`,
      commandId: `start-${child}`,
    });
  };

  it('attaches light slots many at a time, begins their moves, and hands none over before all are created', async () => {
    const load = await Load.start(scene.lab.proxies, [0, 35]);
    const copies = (): number[] =>
      ['pika1', 'pika3', 'pika5'].map((name) => scene.lab.node(name).counters.copiesServed);
    const before = copies();
    const id = await rebalancing.beginMoving(all);
    const state = await rebalancing.ended(id);
    const report = await load.stop();
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    expect(state.status).toBe('completed');

    const sent = await scene.sent(id);
    for (const master of ['pika1', 'pika3', 'pika5']) {
      const many = sent.filter(
        (action) => /^attach slots \d+-\d+/.test(action) && action.endsWith(` to ${scene.address(master)}`),
      );
      expect({ master, many: many.length > 0 }).toEqual({ master, many: true });
    }
    const children = await rebalancing.children(id);
    for (const { input } of children) {
      expect(input).toMatchObject({
        prepared: {
          source: scene.address(input.from === 1 ? 'pika1' : 'pika3'),
          target: scene.address('pika5'),
        },
      });
    }
    expect(copies()).toEqual(before);

    const created = Math.max(...timesOf(await scene.lab.engine.history(id), /^create slots/).replied);
    expect(children.filter(({ startedAt }) => startedAt < created).length).toBeGreaterThan(1);
    for (const child of children) {
      const events = await scene.lab.engine.history(child.id);
      const [queued = 0] = timesOf(events, /^(queue the handover|hold requests)/).issued;
      expect(queued).toBeGreaterThanOrEqual(created);
    }
    const owners = await rebalancing.expectTidy();
    expect([...owners.values()].filter((group) => group !== 3)).toEqual([]);
  });
});

/** When commands were put into the log, and when their replies were, in wall clock milliseconds. */
function timesOf(
  events: readonly WorkflowEvent[],
  action: RegExp,
): { readonly issued: number[]; readonly replied: number[] } {
  const ids = new Set<string>();
  const times = { issued: [] as number[], replied: [] as number[] };
  for (const event of events) {
    if (event.type === 'command-issued' && action.test(event.data.action)) {
      ids.add(event.data.command);
      times.issued.push(Date.parse(event.at));
    } else if (event.type === 'command-replied' && ids.has(event.data.command)) {
      times.replied.push(Date.parse(event.at));
    }
  }
  return times;
}

import { eventually } from '../../../../test/support/eventually';
import { Lookouts } from '../../test/lookouts';

const downAfterMs = 1_000;

describe('watchers of a cluster', () => {
  let lookouts: Lookouts;

  const watch = async (watchers: Readonly<Record<string, string | null>>): Promise<void> => {
    lookouts = await Lookouts.start(watchers, { downAfterMs, heal: 'off' });
  };
  const node = (name: string) => lookouts.lab.node(name);
  const untilStarted = (id: string): Promise<unknown> =>
    lookouts.lab.until(id, 'the start', () => true, 5_000);

  afterEach(() => lookouts.stop());

  it('agree that a killed master is dead as soon as it was down for long enough, and start one failover', async () => {
    await watch({ w1: null, w2: null, w3: null });
    const killedAt = performance.now();
    await node('pika1').crash();
    await untilStarted('fo-lab-1-1');
    const tookMs = performance.now() - killedAt;
    expect(tookMs).toBeGreaterThan(downAfterMs);
    expect(tookMs).toBeLessThan(downAfterMs + 250);
    await lookouts.told({ kind: 'detection', code: 'MasterDead', group: 1 });
    const decision = await lookouts.told({ kind: 'decision', code: 'failover-started', group: 1 });
    expect(decision.workflow).toBe('fo-lab-1-1');
    expect(await lookouts.condition('w2', 'pika1')).toBe('refused');
    expect((await lookouts.failovers()).map(({ input }) => input)).toEqual([
      { cluster: 'lab', group: 1, epoch: 1, master: node('pika1').address, approvalNeeded: false },
    ]);
  });

  it('tell a master that hangs from one that is gone, and replace it too', async () => {
    await watch({ w1: null, w2: null });
    const frozenAt = performance.now();
    node('pika3').freeze();
    await lookouts.untilFound('w1', 'pika3', 'hanging');
    await untilStarted('fo-lab-2-1');
    expect(performance.now() - frozenAt).toBeLessThan(downAfterMs + 500);
    await lookouts.told({ kind: 'detection', code: 'NodeFrozen', group: 2 });
  });

  it('leave a master alone that is slow, or back in time', async () => {
    await watch({ w1: null, w2: null });
    lookouts.lab.sandbox.costs.speed = 'real';
    const creating = lookouts.lab.connections
      .open(lookouts.lab.definition)
      .node(node('pika1').address)
      .addSlots(Array.from({ length: 60 }, (_, index) => 500 + index));
    await lookouts.untilFound('w1', 'pika1', 'slow');
    await lookouts.told({ code: 'MasterSlow', group: 1 });
    await creating;
    lookouts.lab.sandbox.costs.speed = 'zero';
    await lookouts.told({ code: 'Healthy', group: 1 });
    await node('pika1').crash();
    await lookouts.untilFound('w1', 'pika1', 'refused');
    await node('pika1').restart();
    await lookouts.untilFound('w1', 'pika1', 'answering');
    await lookouts.told({ code: 'node-restarted', group: 1 });
    expect(await lookouts.failovers()).toEqual([]);
  });

  it('do not believe one that is cut off from a master, nor does it believe itself when it is cut off from all', async () => {
    await watch({ w1: '127.0.0.11', w2: '127.0.0.12', w3: '127.0.0.13' });
    node('pika1').sever('127.0.0.11');
    await lookouts.untilFound('w1', 'pika1', 'hanging');
    await lookouts.told({ code: 'MasterUnreachable', group: 1 });
    for (const one of lookouts.lab.sandbox.nodes.values()) one.sever('127.0.0.11');
    await lookouts.untilFound('w1', 'pika6', 'hanging');
    await lookouts.told({ code: 'ObserverIsolated' });
    expect(await lookouts.failovers()).toEqual([]);
    // The two others are still a quorum of three.
    await node('pika3').crash();
    await untilStarted('fo-lab-2-1');
  });

  it('accuse nobody after they stood still themselves', async () => {
    await watch({ w1: null, w2: null });
    // Nothing in this process runs meanwhile: neither watchers nor nodes.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3 * downAfterMs);
    await lookouts.untilFound('w1', 'pika1', 'answering');
    const silences = (await lookouts.votes()).flatMap(({ nodes }) => nodes.map(({ silentMs }) => silentMs));
    expect(silences).toEqual(silences.map(() => 0));
    expect(await lookouts.failovers()).toEqual([]);
  });

  it('start nothing where it is not wanted, until it is', async () => {
    lookouts = await Lookouts.start({ w1: null }, { downAfterMs, heal: 'off', mode: 'off' });
    await node('pika1').crash();
    const refusal = await lookouts.told({ kind: 'non-decision', code: 'mode-off' });
    expect(refusal.details).toMatchObject({ master: node('pika1').address, analysis: 'MasterDead' });
    expect(await lookouts.failovers()).toEqual([]);
    await lookouts.redefine({ mode: 'propose', downAfterMs, heal: 'off' });
    await lookouts.lab.until('fo-lab-1-1', 'the proposal', () => true, 10_000);
    expect((await lookouts.failovers())[0]?.input).toMatchObject({ approvalNeeded: true });
  });

  it('remember where the slots of all nodes stood, and how far replicas were behind', async () => {
    await watch({ w1: null });
    const master = node('pika1').address;
    const replica = node('pika2').address;
    const series = (): Promise<unknown[]> => lookouts.memory.lagSeries('lab', replica);
    await eventually('two points', async () => (await series()).length >= 2, 10_000);
    expect((await lookouts.memory.lagSeries('lab', replica)).at(-1)?.lagBytes).toBe(0);
    const seen = await lookouts.memory.lastSeen('lab', [master, replica]);
    expect(seen.get(master)?.slots.map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(seen.get(replica)?.slots[0]).toMatchObject({ following: master, status: 'kConnected', lag: 0 });
  });
});

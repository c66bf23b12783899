import { allSlots, FailoverStage } from './failing-over';

jest.setTimeout(40_000);

describe('a failover', () => {
  let stage: FailoverStage;
  beforeEach(async () => void (stage = await FailoverStage.start()));
  afterEach(() => stage.stop());

  const kill = (name = 'pika1'): Promise<void> => stage.lab.node(name).crash();

  it('replaces a dead master by the replica that has the most, at once', async () => {
    await stage.fill('pika1', 3, 5, 'both');
    await stage.level('pika2', 'pika1');
    stage.cut('pika1', 'pika2');
    await stage.fill('pika1', 3, 5, 'third');
    await stage.level('pika3', 'pika1');
    await stage.watchOnce();
    await kill();
    const startedAt = performance.now();
    const id = await stage.failOver();
    await stage.untilServed();
    const servedMs = performance.now() - startedAt;
    const { facts } = await stage.completed(id);
    await stage.expectMaster('pika3');
    expect(stage.copy('pika3', 3)).toMatchObject({});
    expect(facts.summary).toMatchObject({ newMaster: stage.address('pika3'), lossBytes: 0 });
    const [rerouted] = (await stage.lab.engine.history(id)).flatMap((event) =>
      event.type === 'phase-completed' && event.data.phase === 'reroute' ? [event.data.result] : [],
    );
    const { tookMs } = rerouted as { tookMs: number };
    console.log(`rerouted after ${tookMs} ms, all slots written after ${Math.round(servedMs)} ms`);
    expect(tookMs).toBeLessThan(250);
    await stage.level('pika2', 'pika3');
    expect(allSlots.map((slot) => stage.lab.node('pika2').findSlot({ table: 0, slot })?.attachment)).toEqual(
      allSlots.map(() => expect.objectContaining({ master: stage.address('pika3'), state: 'kConnected' })),
    );
  });
});

import { Lookouts } from '../../test/lookouts';

const downAfterMs = 1_000;

/** Nobody runs the workflows that are started here: what they do has tests of its own. */
describe('watchers of replicas', () => {
  let lookouts: Lookouts;
  const address = (name: string): string => lookouts.lab.node(name).address;
  const restart = async (name: string): Promise<void> => {
    // A replica has to have been seen following before it can be seen to have forgotten whom.
    await lookouts.followed(name);
    await lookouts.lab.node(name).crash();
    await lookouts.lab.node(name).restart();
  };
  const rejoins = () => lookouts.lab.engine.list({ workflow: 'rejoin', limit: 10 });

  afterEach(() => lookouts.stop());

  it('start one rejoin for one that came back as a writable master', async () => {
    lookouts = await Lookouts.start({ w1: null, w2: null }, { downAfterMs });
    await restart('pika2');
    const finding = await lookouts.told({ kind: 'finding', code: 'restarted-writable', group: 1 });
    expect(finding.details).toMatchObject({ node: address('pika2'), master: address('pika1') });
    const decision = await lookouts.told({ kind: 'decision', code: 'rejoin-started', group: 1 });
    expect((await rejoins()).map(({ id, input }) => [id, input])).toEqual([
      [
        decision.workflow,
        { cluster: 'lab', group: 1, node: address('pika2'), finding: 'restarted-writable' },
      ],
    ]);
  });

  it('only tell of it where nothing is to be mended, until it is over', async () => {
    lookouts = await Lookouts.start({ w1: null }, { downAfterMs, heal: 'propose' });
    await restart('pika4');
    await lookouts.told({ kind: 'finding', code: 'restarted-writable', group: 2 });
    const { connections, definition } = lookouts.lab;
    const slots = Array.from({ length: 8 }, (_, index) => 8 + index);
    await connections
      .open(definition)
      .node(address('pika4'))
      .attach({ master: address('pika3'), slots });
    await lookouts.told({ kind: 'finding', code: 'restarted-writable-over', group: 2 });
    expect(await rejoins()).toEqual([]);
  });
});

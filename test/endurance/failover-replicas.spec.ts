import { type WorkflowSummary } from '@slotferry/workflow';
import { FailoverLab } from '../support/failover-lab';
import { type FailoverLoad } from '../support/failover-load';

describe('replicas of a master that dies', () => {
  let lab: FailoverLab;
  let since: number;
  let master: string;
  let first: string;
  let second: string;
  let load: FailoverLoad;
  let earlier: WorkflowSummary[];
  beforeAll(async () => {
    lab = await FailoverLab.start();
  }, 60_000);
  beforeEach(async () => {
    await lab.settled();
    since = Date.now();
    [master = '', first = '', second = ''] = await lab.servers(1);
    earlier = await lab.failovers(1);
    load = await lab.write([0, 5]);
  }, 60_000);
  afterEach(() => lab.recover(), 60_000);
  afterAll(() => lab.stop());

  /** Kills the master when these replicas have all that it has acknowledged. Returns who is the new one. */
  const kill = async (...level: string[]): Promise<string> => {
    await load.rest();
    await lab.level(1, level);
    await lab.node(master).crash();
    load.goOn();
    await lab.replaced(1, earlier);
    await load.served(performance.now());
    return (await lab.servers(1))[0] ?? '';
  };
  /** What the last election said of a replica. */
  const verdictOn = async (name: string): Promise<unknown> => {
    const { facts } = await lab.lab.engine.get((await lab.failovers(1))[0]?.id ?? '');
    const { verdicts } = facts['election'] as { readonly verdicts: readonly { readonly node: string }[] };
    return verdicts.find(({ node }) => node === lab.address(name));
  };
  /** Kills a replica in the moment in which one of them is told to become master. Names both. */
  const whenElected = (die: (elected: string, other: string) => string): { elected: string } => {
    const seen = { elected: '' };
    for (const [name, other] of [
      [first, second],
      [second, first],
    ] as const) {
      lab.node(name).tap = async ({ text, moment }) => {
        if (seen.elected !== '' || moment !== 'received' || !text.includes('slotsslaveof no one'))
          return 'pass';
        seen.elected = name;
        const victim = die(name, other);
        await lab.node(victim).crash();
        return victim === name ? 'drop' : 'pass';
      };
    }
    return seen;
  };

  it('win though one of them has died before', async () => {
    await lab.node(first).crash();
    expect(await kill(second)).toBe(second);
    expect(await load.stop()).toEqual([]);
  });

  it('win though the other one dies while they are made master', async () => {
    const seen = whenElected((_elected, other) => other);
    const winner = await kill(first, second);
    expect(winner).toBe(seen.elected);
    expect(await load.stop()).toEqual([]);
  });

  it('win when the elected one dies before it is master', async () => {
    const seen = whenElected((elected) => elected);
    const winner = await kill(first, second);
    expect([first, second].filter((name) => name !== seen.elected)).toEqual([winner]);
    expect(await load.stop()).toEqual([]);
  });

  it('can die after another one has become master, and come back', async () => {
    const winner = await kill(first, second);
    const loser = winner === first ? second : first;
    await lab.node(loser).crash();
    const { message } = await lab.told(since, { code: 'ReplicaBroken', group: 1 });
    expect(message).toContain(lab.address(loser));
    await lab.node(loser).restart();
    await lab.node(master).restart();
    await lab.settled();
    expect(await load.stop()).toEqual([]);
  });

  it('do not win by their place in the list', async () => {
    await load.rest();
    lab.lab.sandbox.network.link(lab.address(master), lab.address(first)).sever();
    load.goOn();
    await load.served(performance.now());
    expect(await kill(second)).toBe(second);
    expect(await verdictOn(first)).toMatchObject({ reasons: [expect.stringContaining('Behind by')] });
    expect(await load.stop()).toEqual([]);
  });

  it('do not win while they are copied anew', async () => {
    lab.lab.sandbox.costs.speed = 'real';
    const node = lab.lab.connections.open(lab.lab.definition).node(lab.address(first));
    const slots = lab.slotsOf(1);
    await node.detach(slots);
    await node.attachWithFullCopy({ master: lab.address(master), slots });
    expect(await kill(second)).toBe(second);
    expect(await verdictOn(first)).toMatchObject({ eligible: false });
    lab.lab.sandbox.costs.speed = 'zero';
    expect(await load.stop()).toEqual([]);
  });
});

import { FailoverLab } from '../support/failover-lab';
import { type FailoverLoad } from '../support/failover-load';

const groups = [1, 2, 3];

describe('three groups of a master and a replica', () => {
  let lab: FailoverLab;
  let since: number;
  let load: FailoverLoad;
  beforeAll(async () => {
    lab = await FailoverLab.start({ groups: 3, replicas: 1, slots: 24 });
  }, 60_000);
  beforeEach(async () => {
    await lab.settled();
    since = Date.now();
    load = await lab.write([0, 8, 16]);
  }, 60_000);
  afterEach(() => lab.recover(), 60_000);
  afterAll(() => lab.stop());

  const killMasters = async (dying: readonly number[]): Promise<string[]> => {
    await load.rest();
    for (const group of groups) {
      const [, replica = ''] = await lab.servers(group);
      if (lab.node(replica).condition === 'running') await lab.level(group, [replica]);
    }
    const masters = await Promise.all(dying.map(async (group) => (await lab.servers(group))[0] ?? ''));
    await Promise.all(masters.map((master) => lab.node(master).crash()));
    load.goOn();
    return masters;
  };

  it('lose two masters at once, and get two new ones', async () => {
    const masters = await killMasters([1, 2]);
    await Promise.all([lab.replaced(1), lab.replaced(2)]);
    for (const group of [1, 2]) {
      await lab.told(since, { kind: 'detection', code: 'MasterDead', group });
      expect(masters).not.toContain((await lab.servers(group))[0]);
    }
    expect(await lab.failovers(3)).toEqual([]);
    await load.served(performance.now());
    expect(await load.stop()).toEqual([]);
  });

  it('lose all masters at once, and nothing happens until somebody has looked', async () => {
    const before = await Promise.all(groups.map((group) => lab.failovers(group)));
    const masters = await killMasters(groups);
    for (const group of groups) {
      const { details } = await lab.told(since, { kind: 'non-decision', code: 'many-masters-dead', group });
      expect(details).toMatchObject({ analysis: 'ManyMastersDead' });
    }
    expect(await Promise.all(groups.map((group) => lab.failovers(group)))).toEqual(before);
    for (const master of masters) await lab.node(master).restart();
    await load.served(performance.now());
    await lab.settled();
    expect(await Promise.all(groups.map(async (group) => (await lab.servers(group))[0]))).toEqual(masters);
    expect(await load.stop()).toEqual([]);
  });

  it('lose a replica and then its master, and wait for a replica', async () => {
    const earlier = await lab.failovers(3);
    const [, replica = ''] = await lab.servers(3);
    await load.rest();
    await lab.level(3, [replica]);
    await lab.node(replica).crash();
    await lab.told(since, { code: 'ReplicaBroken', group: 3 });
    await killMasters([3]);
    const { message } = await lab.told(since, { kind: 'non-decision', code: 'no-replica', group: 3 });
    expect(message).toContain('No replica of group 3 answers');
    expect(await lab.failovers(3)).toEqual(earlier);
    await lab.node(replica).restart();
    await lab.replaced(3, earlier);
    expect((await lab.servers(3))[0]).toBe(replica);
    await load.served(performance.now());
    expect(await load.stop()).toEqual([]);
  });
});

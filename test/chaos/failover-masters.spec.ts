import { FailoverLab } from '../support/failover-lab';
import { type FailoverLoad } from '../support/failover-load';

/** From the death of a master to the first acknowledged write: the down-after time, and what a busy test machine adds. */
const servedLimitMs = 500 + 1_500;

describe('a master of a group with two replicas', () => {
  let lab: FailoverLab;
  beforeAll(async () => {
    lab = await FailoverLab.start();
  }, 60_000);
  beforeEach(() => lab.settled(), 40_000);
  afterEach(() => lab.recover(), 60_000);
  afterAll(() => lab.stop());

  const start = async (): Promise<{
    since: number;
    load: FailoverLoad;
    master: string;
    replicas: string[];
  }> => {
    const [master = '', ...replicas] = await lab.servers(1);
    return { since: Date.now(), load: await lab.write([0, 5]), master, replicas };
  };

  it('that is killed while its replicas are level is replaced, and nothing is lost', async () => {
    const { since, load, master, replicas } = await start();
    await load.rest();
    await lab.level(1, replicas);
    const killedAt = performance.now();
    await lab.node(master).crash();
    load.goOn();
    expect((await load.served(killedAt)) - killedAt).toBeLessThan(servedLimitMs);
    await lab.told(since, { kind: 'detection', code: 'MasterDead', group: 1 });
    const state = await lab.replaced(1);
    await lab.told(since, { code: 'failover-completed', workflow: state.id });
    const servers = await lab.servers(1);
    expect(replicas).toContain(servers[0]);
    expect(servers.at(-1)).toBe(master);
    expect(await load.stop()).toEqual([]);
  });

  it('that is killed while clients write is replaced without a loss of what a replica had, and comes back as a replica', async () => {
    const { since, load, master, replicas } = await start();
    const earlier = await lab.failovers(1);
    await lab.node(master).crash();
    const killedAt = performance.now();
    const held = lab.held(replicas, load);
    await load.served(killedAt);
    await lab.replaced(1, earlier);
    await lab.node(master).restart();
    await lab.told(since, { kind: 'decision', code: 'rejoin-started', group: 1 });
    await lab.settled();
    expect((await lab.servers(1)).at(-1)).toBe(master);
    const lost = await load.stop();
    expect(lost.filter(({ id, sentAt }) => held.has(id) || sentAt > killedAt)).toEqual([]);
  });
});

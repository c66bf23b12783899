import { eventually } from '../support/eventually';
import { FailoverLab } from '../support/failover-lab';
import { type FailoverLoad } from '../support/failover-load';

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

  it('that is killed while its replicas are level is replaced without a loss, and becomes a replica when it comes back', async () => {
    const { since, load, master, replicas } = await start();
    await load.rest();
    await lab.level(1, replicas);
    const killedAt = performance.now();
    await lab.node(master).crash();
    load.goOn();
    await load.served(killedAt);
    await lab.told(since, { kind: 'detection', code: 'MasterDead', group: 1 });
    const state = await lab.replaced(1);
    await lab.told(since, { code: 'failover-completed', workflow: state.id });
    await lab.node(master).restart();
    await lab.told(since, { kind: 'decision', code: 'rejoin-started', group: 1 });
    await lab.settled();
    const servers = await lab.servers(1);
    expect(replicas).toContain(servers[0]);
    expect(servers.at(-1)).toBe(master);
    expect(await load.stop()).toEqual([]);
  });

  it('that is killed while clients write is replaced without a loss of what a replica had, and becomes a replica when it comes back late', async () => {
    const { load, master, replicas } = await start();
    const earlier = await lab.failovers(1);
    await lab.node(master).crash();
    const killedAt = performance.now();
    const held = lab.held(replicas, load);
    await lab.replaced(1, earlier);
    const peerTimeoutMs = lab.lab.sandbox.costs.peerTimeoutMs;
    await eventually('the peer time-out', () => performance.now() - killedAt > 2 * peerTimeoutMs, 10_000);
    await lab.node(master).restart();
    await lab.settled();
    const lost = await load.stop();
    expect(lost.filter(({ id, sentAt }) => held.has(id) || sentAt > killedAt)).toEqual([]);
    expect((await lab.servers(1)).at(-1)).toBe(master);
  });

  it('that is frozen is replaced, and becomes a replica when it thaws', async () => {
    const { since, load, master, replicas } = await start();
    const earlier = await lab.failovers(1);
    await load.rest();
    await lab.level(1, replicas);
    lab.node(master).freeze();
    await lab.told(since, { kind: 'detection', code: 'NodeFrozen', group: 1 });
    await lab.replaced(1, earlier);
    load.goOn();
    await load.served(performance.now());
    lab.node(master).thaw();
    await load.served(performance.now());
    await lab.settled();
    expect((await lab.servers(1)).at(-1)).toBe(master);
    expect(await load.stop()).toEqual([]);
  });

  it('that is frozen while proxies wait for it is replaced when its process is ended', async () => {
    const { load, master, replicas } = await start();
    const earlier = await lab.failovers(1);
    lab.node(master).freeze();
    const frozenAt = performance.now();
    const held = lab.held(replicas, load);
    await lab.waits(1, 'requests-under-way');
    await lab.node(master).crash();
    await lab.replaced(1, earlier);
    await load.served(performance.now());
    const lost = await load.stop();
    expect(lost.filter(({ id, sentAt }) => held.has(id) || sentAt > frozenAt)).toEqual([]);
  });

  it('that is back before the down-after time stays master', async () => {
    const { since, load, master } = await start();
    const earlier = await lab.failovers(1);
    await lab.node(master).crash();
    await lab.node(master).restart();
    await load.served(performance.now());
    await lab.told(since, { code: 'node-restarted', group: 1 });
    await lab.settled();
    expect(await load.stop()).toEqual([]);
    expect(await lab.failovers(1)).toEqual(earlier);
    expect((await lab.servers(1))[0]).toBe(master);
  });

  it('that is slow because it creates slots stays master', async () => {
    const { since, load, master } = await start();
    const earlier = await lab.failovers(1);
    const { costs } = lab.lab.sandbox;
    costs.speed = 'real';
    // Some five seconds: also workers that have just found the node again have time to see it.
    const slots = Array.from({ length: 72 }, (_, index) => 500 + index);
    const node = lab.lab.connections.open(lab.lab.definition).node(lab.address(master));
    await node.addSlots(slots);
    costs.speed = 'zero';
    await lab.told(since, { kind: 'detection', code: 'MasterSlow', group: 1 });
    await node.deleteSlots(slots);
    await load.served(performance.now());
    expect(await load.stop()).toEqual([]);
    expect(await lab.failovers(1)).toEqual(earlier);
  });
});

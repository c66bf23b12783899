import { type HistoryEntry } from '@slotferry/failover';
import { type WorkflowSummary } from '@slotferry/workflow';
import { FailoverLab } from '../support/failover-lab';
import { type FailoverLoad } from '../support/failover-load';

describe('a master whom clients reach', () => {
  let lab: FailoverLab;
  let since: number;
  let master: string;
  let load: FailoverLoad;
  let earlier: WorkflowSummary[];
  beforeAll(async () => {
    lab = await FailoverLab.start();
  }, 60_000);
  beforeEach(async () => {
    await lab.settled();
    since = Date.now();
    [master = ''] = await lab.servers(1);
    earlier = await lab.failovers(1);
    // No client may be refused; that this process, which is also the cluster, is held up for a moment is nobody's fault.
    load = await lab.write([0, 5], { answerLimitMs: 3_000 });
  }, 60_000);
  afterEach(() => lab.recover(), 60_000);
  afterAll(() => lab.stop());

  const newFailovers = async (): Promise<WorkflowSummary[]> =>
    (await lab.failovers(1)).slice(0, -earlier.length || undefined);
  const toldOfServedClients = async (): Promise<HistoryEntry[]> =>
    (await lab.history(since, 1)).filter(({ code }) => code === 'clients-are-served');
  const expectUntouched = async (): Promise<void> => {
    expect((await lab.servers(1))[0]).toBe(master);
    expect(await load.stop()).toEqual([]);
    expect(load.errors).toBe(0);
  };

  it('and who is cut off from one worker stays', async () => {
    lab.blind(master, lab.workers.slice(0, 1));
    await lab.told(since, { code: 'MasterUnreachable', group: 1 });
    expect(await newFailovers()).toEqual([]);
    await expectUntouched();
  });

  it('and who is cut off from two of three workers stays', async () => {
    lab.blind(master, lab.workers.slice(0, 2));
    const { message, details } = await lab.told(since, {
      kind: 'non-decision',
      code: 'clients-are-served',
      group: 1,
    });
    expect(message).toContain('2 of 2 proxies reach');
    expect(details).toMatchObject({ analysis: 'MasterUnreachable' });
    for (const { post } of lab.workers) lab.node(master).restore(post.sourceAddress);
    await lab.told(since, { kind: 'non-decision', code: 'master-is-back', group: 1 });
    await lab.settled();
    expect(await newFailovers()).toHaveLength(1);
    expect(await toldOfServedClients()).toHaveLength(1);
    await expectUntouched();
  });

  it('and who is cut off from all workers stays, and is replaced when it dies', async () => {
    lab.blind(master, lab.workers);
    await lab.told(since, { kind: 'non-decision', code: 'clients-are-served', group: 1 });
    await load.served(performance.now());
    expect(load.errors).toBe(0);
    expect((await lab.servers(1))[0]).toBe(master);
    await load.rest();
    await lab.level(1, (await lab.servers(1)).slice(1));
    await lab.node(master).crash();
    load.goOn();
    const { id } = await lab.replaced(1, earlier);
    expect((await newFailovers()).map((one) => one.id)).toEqual([id]);
    expect(await toldOfServedClients()).toHaveLength(1);
    await load.served(performance.now());
    expect(await load.stop()).toEqual([]);
  });

  it('stays when a worker is cut off from everything, and the others go on watching', async () => {
    const [isolated] = lab.workers;
    for (const name of lab.lab.sandbox.nodes.keys()) lab.blind(name, isolated ? [isolated] : []);
    await lab.told(since, { kind: 'detection', code: 'ObserverIsolated' });
    expect(await newFailovers()).toEqual([]);
    await load.rest();
    await lab.level(1, (await lab.servers(1)).slice(1));
    await lab.node(master).crash();
    load.goOn();
    await lab.told(since, { kind: 'detection', code: 'MasterDead', group: 1 });
    await lab.replaced(1, earlier);
    await load.served(performance.now());
    expect(await load.stop()).toEqual([]);
  });
});

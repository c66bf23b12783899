import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { DEFAULT_FAILOVER, type FailoverPolicy } from '@slotferry/cluster';
import { failoverDefinition } from '@slotferry/failover';
import { type Steering, type WorkflowState, type WorkflowSummary } from '@slotferry/workflow';
import { eventually } from '../support/eventually';
import { FailoverLab } from '../support/failover-lab';
import { type FailoverLoad } from '../support/failover-load';
import { expectOneFailover } from '../support/failover-outcome';

const slotsPerGroup = 4;
const patienceMs = 20_000;
const ann = { actor: 'operator:ann' };
const usual: FailoverPolicy = { ...DEFAULT_FAILOVER, downAfterMs: 1_000, quorum: 2, blockMs: 0 };

/** A window that began two hours after now and is over an hour later. */
function elsewhen(): FailoverPolicy['windows'] {
  const now = new Date();
  const from = (now.getUTCHours() * 60 + now.getUTCMinutes() + 120) % 1_440;
  return [{ from, to: (from + 60) % 1_440 }];
}

/** What operators want of each group, which has a test of its own: 7 and 8 have hooks that refuse. */
const groups: Readonly<Record<string, FailoverPolicy>> = {
  '1': { ...usual, blockMs: 600_000 },
  '2': { ...usual, mode: 'propose' },
  '3': { ...usual, mode: 'off' },
  '4': { ...usual, windows: elsewhen() },
  '5': { ...usual, maxLossBytes: 100 },
  '6': { ...usual, maxLossBytes: 100 },
};

describe('a master that dies while operators have a say', () => {
  let lab: FailoverLab;
  let hooks: Server;
  let veto: string | null = 'stock taking';
  beforeAll(async () => {
    hooks = createServer((incoming, response) => {
      void incoming.toArray().then((chunks) => {
        const { group } = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as { group: number };
        response.end(JSON.stringify({ veto: group === 8 ? veto : null }));
      });
    }).listen(0, '127.0.0.1');
    await once(hooks, 'listening');
    const url = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/may-i`;
    const script = 'test "$SLOTFERRY_GROUP" != 7 || { echo the auditors are here; exit 10; }';
    const notify = {
      ...DEFAULT_FAILOVER.notify,
      webhooks: [{ url, secret: null, when: 'before' as const }],
      commands: [{ run: ['sh', '-c', script] as const, when: 'before' as const }],
    };
    const failover = { groups, notify };
    lab = await FailoverLab.start({ groups: 8, slots: 8 * slotsPerGroup, workers: 2, failover });
    await lab.settled();
  }, 60_000);
  afterAll(async () => {
    await lab?.stop();
    hooks.closeAllConnections();
    hooks.close();
  });

  interface Death {
    readonly since: number;
    readonly master: string;
    readonly replicas: readonly string[];
    readonly earlier: readonly WorkflowSummary[];
    readonly load: FailoverLoad;
    /** Writes that replicas had when it died. */
    readonly held: ReadonlySet<string>;
  }

  /** Kills the master of a group under load. `lateMs`: so long its last writes have not been replicated. */
  const kill = async (group: number, isBehind = false): Promise<Death> => {
    const [master = '', ...replicas] = await lab.servers(group);
    const earlier = await lab.failovers(group);
    const since = Date.now();
    const load = await lab.write([slotsPerGroup * (group - 1)]);
    if (isBehind) {
      lab.node(master).holdsReplication = true;
      await load.served(performance.now() + 200);
    }
    await load.rest();
    if (isBehind) await seen(master);
    else await lab.level(group, replicas);
    const held = lab.held(replicas, load);
    await lab.node(master).crash();
    load.goOn();
    return { since, master, replicas, earlier, load, held };
  };

  /** Resolves when the watch knows where the node stands now. */
  const seen = async (name: string): Promise<void> => {
    const address = lab.address(name);
    const now = Date.now();
    const look = async (): Promise<boolean> =>
      ((await lab.memory.lastSeen('lab', [address])).get(address)?.at ?? 0) > now;
    await eventually(`a look at ${name}`, look, patienceMs);
  };

  const blocked = (group: number, code: string): Promise<string> =>
    eventually(
      `a failover of group ${group} that is blocked by ${code}`,
      async () => (await lab.failovers(group)).find(({ problem }) => problem?.code === code)?.id,
      patienceMs,
    );
  const steer = (id: string, request: Steering): Promise<unknown> => lab.lab.engine.steer(id, request, ann);
  const approve = (id: string, code: string): Promise<unknown> =>
    steer(id, { kind: 'approve', code, note: 'the test' });

  /** Clients are served by a new master that had all that was replicated. */
  const expectReplaced = async (group: number, death: Death): Promise<WorkflowState> => {
    const { earlier, load, held, replicas } = death;
    await lab.replaced(group, earlier);
    const replaced = performance.now();
    await load.served(replaced);
    const lost = await load.stop();
    expect(lost.filter(({ id, sentAt }) => held.has(id) || sentAt > replaced)).toEqual([]);
    expect(replicas).toContain((await lab.servers(group))[0]);
    return expectOneFailover(lab, group, earlier);
  };

  it('during maintenance is replaced when it ends; its successor, which dies soon, when the first is acknowledged', async () => {
    await lab.memory.setMaintenance('lab', { since: Date.now(), by: 'ann', reason: 'a new switch' });
    const first = await kill(1);
    await lab.told(first.since, { kind: 'non-decision', code: 'maintenance', group: 1 });
    expect(await lab.failovers(1)).toEqual(first.earlier);
    await lab.memory.setMaintenance('lab', null);
    await expectReplaced(1, first);
    await lab.node(first.master).restart();
    await lab.settled();
    const second = await kill(1);
    await lab.told(second.since, { kind: 'non-decision', code: 'block-active', group: 1 });
    expect(await lab.failovers(1)).toEqual(second.earlier);
    await lab.memory.acknowledge('lab', 1);
    await expectReplaced(1, second);
    await lab.memory.acknowledge('lab', 1);
  }, 90_000);

  it('is replaced when the proposal has been approved', async () => {
    const death = await kill(2);
    const id = await blocked(2, 'approval-needed');
    expect((await lab.servers(2))[0]).toBe(death.master);
    await approve(id, 'approval-needed');
    await expectReplaced(2, death);
  });

  it('is left alone where failovers are off', async () => {
    const { since, master, earlier, load } = await kill(3);
    await lab.told(since, { kind: 'non-decision', code: 'mode-off', group: 3 });
    await lab.node(master).restart();
    await load.served(performance.now());
    expect(await load.stop()).toEqual([]);
    expect(await lab.failovers(3)).toEqual(earlier);
    expect((await lab.servers(3))[0]).toBe(master);
  });

  it('outside of its windows is replaced by hand', async () => {
    const death = await kill(4);
    await lab.told(death.since, { kind: 'non-decision', code: 'outside-window', group: 4 });
    expect(await lab.failovers(4)).toEqual(death.earlier);
    const { epoch } = await lab.memory.group('lab', 4);
    const master = lab.address(death.master);
    const input = { cluster: 'lab', group: 4, epoch, master, approvalNeeded: false };
    await lab.lab.engine.start(failoverDefinition, input, ann);
    await expectReplaced(4, death);
  });

  it('with writes that nobody else has is replaced by the best replica when the loss is approved', async () => {
    const death = await kill(5, true);
    const id = await blocked(5, 'loss-above-limit');
    const { facts } = await lab.lab.engine.get(id);
    const { best, verdicts } = facts['undecided'] as { best: string; verdicts: readonly object[] };
    expect(verdicts).toHaveLength(2);
    await approve(id, 'loss-above-limit');
    const state = await expectReplaced(5, death);
    expect(state.facts['summary']).toMatchObject({ newMaster: best });
    const { lossBytes } = state.facts['summary'] as { lossBytes: number };
    expect(lossBytes).toBeGreaterThan(100);
  });

  it('with writes that nobody else has is replaced by the replica an operator chooses', async () => {
    const death = await kill(6, true);
    const id = await blocked(6, 'loss-above-limit');
    const { facts } = await lab.lab.engine.get(id);
    const { best } = facts['undecided'] as { best: string };
    const choice = death.replicas.map((name) => lab.address(name)).find((address) => address !== best);
    await steer(id, { kind: 'change', settings: { choice: choice ?? '' }, reason: 'the test' });
    await approve(id, 'loss-above-limit');
    const state = await expectReplaced(6, death);
    expect(state.facts['summary']).toMatchObject({ newMaster: choice });
  });

  it('is replaced against the word of a program when that is approved', async () => {
    const death = await kill(7);
    const id = await blocked(7, 'vetoed');
    expect((await lab.lab.engine.get(id)).blocked?.problem.message).toContain('the auditors are here');
    expect((await lab.servers(7))[0]).toBe(death.master);
    await approve(id, 'vetoed');
    await expectReplaced(7, death);
  });

  it('is replaced against the word of a web hook when that is approved', async () => {
    const death = await kill(8);
    const id = await blocked(8, 'vetoed');
    expect((await lab.lab.engine.get(id)).blocked?.problem.message).toContain('stock taking');
    veto = null;
    await approve(id, 'vetoed');
    await expectReplaced(8, death);
  });
});

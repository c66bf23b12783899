import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  failoverDefinition,
  type FailoverInput,
  type Finding,
  type FindingCode,
  RedisFailoverMemory,
} from '@slotferry/failover';
import { draft } from '@slotferry/workflow';
import { type Lab, startLab } from '../support/lab';
import { asWorker, startApi, type TestApi } from './support/api';
import { buildCli, type Ended, startCli } from './support/cli';

jest.setTimeout(30_000);

let lab: Lab;
let api: TestApi;
let memory: RedisFailoverMemory;
let home: string;
let master: string;
let replica: string;
let stopVoting: () => void = () => undefined;

beforeAll(async () => {
  buildCli();
  home = await mkdtemp(join(tmpdir(), 'slotferry-cli-'));
  lab = await startLab({ slotsPerGroup: 4 });
  api = await startApi(lab.redis.url);
  memory = new RedisFailoverMemory(lab.client, api.configuration.namespace);
  [master = '', replica = ''] = lab.definition.groups[0]?.nodes ?? [];
}, 120_000);

afterAll(async () => {
  await api?.close();
  await lab?.stop();
  await rm(home, { recursive: true, force: true });
});

afterEach(() => stopVoting());

const slotferry = (...args: string[]): Promise<Ended> =>
  startCli(args, { SLOTFERRY_URL: api.url, SLOTFERRY_DATA_DIR: api.dataDir }, home).ended;
const failover = (...args: string[]): Promise<Ended> => slotferry('failover', ...args);
const onLab = (command: string, ...args: string[]): Promise<Ended> =>
  failover(command, '--cluster', 'lab', ...args);

const vote = (worker: string, silentMs: number): Promise<void> =>
  memory.vote('lab', {
    worker,
    nodes: lab.definition.groups
      .flatMap(({ nodes }) => nodes)
      .map((node) =>
        node === master && silentMs > 0
          ? { node, condition: 'refused', silentMs, startedAt: null }
          : { node, condition: 'answering', silentMs: 0, startedAt: null },
      ),
  });

/** As workers do: a vote counts for three seconds only. Returns how to end it. */
async function keepVoting(silentMs: number, ...workers: string[]): Promise<() => void> {
  const cast = (): Promise<unknown> => Promise.all(workers.map((worker) => vote(worker, silentMs)));
  await cast();
  const beat = setInterval(() => void cast(), 500);
  return () => clearInterval(beat);
}

async function blockedFailover(epoch: number, code: string): Promise<string> {
  const input: FailoverInput = { cluster: 'lab', group: 1, epoch, master, approvalNeeded: false };
  const { id } = await api.engine.start(failoverDefinition, input, { actor: 'worker:test' });
  const problem = { code, message: 'nobody can take over', remedy: 'Bring a replica back.' };
  const block = { phase: 'confirm', problem, unblock: 'operator', recheckAfterMs: null };
  await asWorker(api, id, draft('phase-blocked', block));
  return id;
}

describe('the command line', () => {
  it.each([
    [['failover', '--help'], 'approve'],
    [['failover', 'approve', '--help'], '--choose 10.0.0.12:9221'],
    [['failover', 'start', '--help'], 'see slotferry switchover'],
    [['switchover', '--help'], '--at 03:30'],
    [['heal', '--help'], 'failover.heal: repair'],
  ])('%j explains itself with examples', async (args, part) => {
    const { code, stdout } = await slotferry(...args);
    expect(stdout).toContain(part);
    expect(code).toBe(0);
  });

  it.each([
    [['failover', 'status'], "'--cluster <name>' not specified", 2],
    [['failover', 'pause', '--cluster', 'lab'], "'--reason <text>' not specified", 2],
    [['failover', 'status', '--cluster', 'nope'], 'there is no cluster "nope"', 1],
    [['switchover', '--cluster', 'lab', '--group', '1', '--to', 'b:1', '--at', 'soon'], 'Write 03:30', 2],
    [['switchover', '--cluster', 'lab', '--group', '1', '--to', 'b'], 'to must be an address', 2],
    [['switchover', '--cluster', 'lab', '--group', '1', '--to', 'b:1'], 'b:1 is no replica of group 1', 1],
    [['heal', '--cluster', 'lab', '--dry-run'], 'nobody looks for broken replicas', 1],
  ])('%j is refused with a remedy', async (args, message, exitCode) => {
    const { code, stderr } = await slotferry(...args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^remedy: ./m);
    expect(code).toBe(exitCode);
  });
});

describe('slotferry failover', () => {
  it('shows that nobody watches, then who does and what would happen', async () => {
    expect((await onLab('status')).stdout).toContain('NOBODY WATCHES');
    stopVoting = await keepVoting(60_000, 'failover-1', 'failover-2');
    const { stdout, code } = await onLab('status');
    expect(stdout).toContain('watched by failover-1, failover-2');
    expect(stdout).toMatch(
      new RegExp(`^1 +${master} +${replica} +automatic +MasterDead +FAILOVER BEGINS +- +-$`, 'm'),
    );
    expect(stdout).toMatch(/^2 +.+ Healthy +nothing to do/m);
    expect(stdout).toContain(`failover-1: ${master} is refused for 1 m 0`);
    expect(code).toBe(0);
    const json = await onLab('status', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      cluster: 'lab',
      groups: [{ analysis: 'MasterDead' }, {}, {}],
    });
  });

  it('pauses and resumes, and the history tells of it', async () => {
    const paused = await onLab('pause', '--reason', 'new switches');
    expect(paused.stdout).toContain('until: slotferry failover resume --cluster lab');
    expect((await onLab('status')).stdout).toMatch(/^MAINTENANCE since .+ by operator:admin: new switches$/m);
    expect((await onLab('resume')).stdout).toContain('failovers begin by themselves');
    const { stdout } = await onLab('history', '--limit', '1');
    expect(stdout).toMatch(/ all +operator +maintenance-ended +- +failovers begin by themselves again/);
  });

  it('ends a block', async () => {
    expect((await onLab('ack')).stdout).toContain('no group was blocked');
    await memory.endEpoch('lab', 2, { epoch: 1, blockedUntil: Date.now() + 60_000 });
    expect((await onLab('ack', '--group', '2')).stdout).toContain('the block of group 2 ended');
  });

  it('shows what is to be approved, and approves it with a node of choice', async () => {
    const id = await blockedFailover(1, 'no-candidate');
    expect((await onLab('status')).stdout).toContain(`${id}: nobody can take over`);
    const shown = await failover('approve', id);
    expect(shown.stdout).toContain(
      `slotferry failover approve ${id} --code no-candidate --choose <host:port>`,
    );
    expect(shown.stdout).toContain('nothing was approved');
    expect(shown.code).toBe(3);

    const approved = await failover('approve', id, '--code', 'no-candidate', '--choose', replica);
    expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining(`${id}: running at confirm`) });
    expect((await api.engine.get(id)).settings).toEqual({ choice: replica });
    const nothing = await failover('approve', id);
    expect(nothing).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing is to be approved') });
    const late = await failover('approve', id, '--code', 'vetoed');
    expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('not blocked by "vetoed"') });
  });

  it('is started by hand', async () => {
    const { stdout, code } = await onLab('start', '--group', '3');
    expect(stdout).toMatch(/^started fo-\w+: failover of group 3/);
    expect(code).toBe(0);
  });
});

describe('slotferry switchover', () => {
  const ofGroupTwo = (...args: string[]): Promise<Ended> => {
    const [, to = ''] = lab.definition.groups[1]?.nodes ?? [];
    return slotferry('switchover', '--cluster', 'lab', '--group', '2', '--to', to, ...args);
  };

  it('rehearses, and ends with 1 when something stands against it', async () => {
    const ready = await ofGroupTwo('--dry-run');
    expect(ready.stdout).toMatch(/^it would:\n {2}- wait until .+\n(.+\n)+nothing was started$/m);
    expect(ready.code).toBe(0);
    const [proxy] = lab.sandbox.proxies.values();
    await proxy?.apply('crash');
    try {
      const refused = await ofGroupTwo('--dry-run');
      expect(refused.stdout).toMatch(/^it would not begin:\n {2}- .+\n {4}remedy: /);
      expect(refused.code).toBe(1);
    } finally {
      await proxy?.apply('restart');
    }
  });

  it('is started for later', async () => {
    const { stdout, code } = await ofGroupTwo('--at', '2030-01-01T03:00:00Z');
    expect(stdout).toMatch(/^started sw-\w+: switchover of group 2/);
    expect(code).toBe(0);
  });
});

describe('slotferry heal', () => {
  it('shows what is wrong, and has it mended', async () => {
    const at = Date.now();
    const found = (code: FindingCode): Finding => ({
      code,
      group: 1,
      node: replica,
      master,
      slots: [{ table: 0, slot: 3 }],
      since: at,
      message: `${replica} is not well: slot 3`,
    });
    const position = { file: 0, offset: 100 };
    const slot = { table: 0, slot: 3, position, following: null, status: null, lag: null };
    await memory.sawNode('lab', { node: master, at, slots: [slot] });
    await memory.setFindings('lab', { at, findings: [] });
    expect((await slotferry('heal', '--cluster', 'lab', '--dry-run')).stdout).toContain(
      'all replicas follow their masters',
    );
    await memory.setFindings('lab', { at, findings: [found('slot-missing')] });

    const shown = await slotferry('heal', '--cluster', 'lab', '--dry-run');
    expect(shown.stdout).toContain(`group 1: ${replica} is not well: slot 3 (slot-missing, since`);
    expect(shown.stdout).toMatch(/^ {2}- create slots 3 on /m);
    expect(shown.code).toBe(0);
    const elsewhere = await slotferry('heal', '--cluster', 'lab', '--dry-run', '--group', '2');
    expect(elsewhere.stdout).not.toContain('is not well');

    await memory.setFindings('lab', { at, findings: [found('slot-missing')] });
    const healed = await slotferry('heal', '--cluster', 'lab');
    expect(healed.stdout).toMatch(/^started rj-\w+: .+ rejoins group 1 \(slot-missing\)/);
    const again = await slotferry('heal', '--cluster', 'lab');
    expect(again.stdout).toMatch(/^not begun: .+rj-/);
  });
});

import {
  failoverDefinition,
  type FailoverInput,
  type Finding,
  type FindingCode,
  RedisFailoverMemory,
} from '@slotferry/failover';
import { draft } from '@slotferry/workflow';
import request from 'supertest';
import { type Lab, startLab } from '../support/lab';
import { asWorker, startApi, type TestApi } from './support/api';

jest.setTimeout(30_000);

let lab: Lab;
let api: TestApi;
let memory: RedisFailoverMemory;
let master: string;
let replica: string;

beforeAll(async () => {
  lab = await startLab({ slotsPerGroup: 4 });
  api = await startApi(lab.redis.url);
  memory = new RedisFailoverMemory(lab.client, api.configuration.namespace);
  [master = '', replica = ''] = lab.definition.groups[0]?.nodes ?? [];
});

afterAll(async () => {
  await api?.close();
  await lab?.stop();
});

const bearer = (): string => `Bearer ${api.key}`;
const get = (path: string): request.Test => request(api.url).get(path).set('Authorization', bearer());
const post = (path: string, body: object = {}): request.Test =>
  request(api.url).post(path).set('Authorization', bearer()).send(body);
const failover = '/clusters/lab/failover';
const groupOne = async (): Promise<Record<string, unknown>> =>
  ((await get(failover).expect(200)).body as { groups: [Record<string, unknown>] }).groups[0];
const history = async (query = ''): Promise<Record<string, unknown>[]> =>
  ((await get(`${failover}/history${query}`).expect(200)).body as { entries: Record<string, unknown>[] })
    .entries;

/** What a worker says of the master of group 1; all other nodes answer it. */
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

/** A failover of group 1 that stands still for the reason named, as a worker would have left it. */
async function blockedFailover(epoch: number, code: string): Promise<string> {
  const input: FailoverInput = { cluster: 'lab', group: 1, epoch, master, approvalNeeded: false };
  const { id } = await api.engine.start(failoverDefinition, input, { actor: 'worker:test' });
  const problem = {
    code,
    message: 'more than the limit would be lost',
    remedy: 'Approve it or name a node.',
  };
  const block = { phase: 'confirm', problem, unblock: 'operator', recheckAfterMs: null };
  await asWorker(api, id, draft('phase-blocked', block));
  return id;
}

describe('the status', () => {
  it('says so when nobody looks at the cluster', async () => {
    const { body } = await get(failover).expect(200);
    expect(body).toMatchObject({ cluster: 'lab', workers: [], maintenance: null, routerProblem: null });
    expect(body.groups[0]).toMatchObject({
      group: 1,
      master,
      replicas: [replica],
      mode: 'automatic',
      refusal: { code: 'observer-isolated', message: expect.stringContaining('start failover workers') },
      epoch: 1,
      blockedUntil: 0,
      promotion: null,
      open: [],
    });
  });

  it('names the workers, what they complain of, and what would happen', async () => {
    await Promise.all([vote('failover-1', 0), vote('failover-2', 0), vote('failover-3', 0)]);
    expect(await groupOne()).toMatchObject({ analysis: 'Healthy', refusal: { code: 'not-down' } });
    await Promise.all([vote('failover-1', 60_000), vote('failover-2', 60_000)]);
    const { body } = await get(failover).expect(200);
    expect(body.workers).toHaveLength(3);
    expect(body.workers[0]).toMatchObject({
      worker: 'failover-1',
      complaints: [{ node: master, condition: 'refused', silentMs: 60_000 }],
    });
    expect(body.groups[0]).toMatchObject({ analysis: 'MasterDead', refusal: null });
    expect(body.groups[1]).toMatchObject({ analysis: 'Healthy' });
  });

  it('is told by the cluster file when the router does not answer', async () => {
    await lab.sandbox.dashboard.apply('crash');
    try {
      const { body } = await get(failover).expect(200);
      expect(body.routerProblem).toMatchObject({ code: expect.any(String), remedy: expect.any(String) });
      expect(body.groups).toMatchObject([{ group: 1 }, { group: 2 }, { group: 3 }]);
    } finally {
      await lab.sandbox.dashboard.apply('restart');
    }
  });

  it('is of a cluster that is known', async () => {
    expect((await get('/clusters/nope/failover').expect(404)).body.code).toBe('cluster-not-found');
    expect((await get('/clusters/nope/failover/history').expect(404)).body.code).toBe('cluster-not-found');
    await request(api.url).get(failover).expect(401);
  });
});

describe('maintenance', () => {
  it('keeps failovers from beginning until it ends, and the history knows who said so', async () => {
    await post(`${failover}/pause`, {}).expect(400);
    const paused = await post(`${failover}/pause`, { reason: 'new switches' }).expect(200);
    expect(paused.body.maintenance).toMatchObject({ by: 'operator:admin', reason: 'new switches' });
    expect(await groupOne()).toMatchObject({ refusal: { code: 'maintenance' } });
    const again = await post(`${failover}/pause`, { reason: 'new switches' }).expect(200);
    expect(again.body).toEqual(paused.body);

    await post(`${failover}/resume`).expect(200);
    await post(`${failover}/resume`).expect(200);
    expect(await groupOne()).toMatchObject({ refusal: null });
    expect((await history()).map(({ code, kind }) => [kind, code])).toEqual([
      ['operator', 'maintenance-ended'],
      ['operator', 'maintenance-began'],
    ]);
  });
});

describe('the block after a failover', () => {
  it('ends for one group or for all when it is acknowledged', async () => {
    const blockedUntil = Date.now() + 60_000;
    await memory.endEpoch('lab', 1, { epoch: 1, blockedUntil });
    await memory.endEpoch('lab', 2, { epoch: 1, blockedUntil });
    expect(await groupOne()).toMatchObject({ epoch: 2, blockedUntil, refusal: { code: 'block-active' } });

    const { body } = await post(`${failover}/acknowledge`, { group: 1 }).expect(200);
    expect(body).toEqual({ cluster: 'lab', groups: [1] });
    expect(await groupOne()).toMatchObject({ epoch: 2, blockedUntil: 0, refusal: null });
    expect((await post(`${failover}/acknowledge`).expect(200)).body.groups).toEqual([2]);
    expect((await post(`${failover}/acknowledge`).expect(200)).body.groups).toEqual([]);

    expect(await history('?group=2')).toMatchObject([{ group: 2, code: 'acknowledged' }]);
    expect(await history('?limit=1')).toHaveLength(1);
    expect((await get(`${failover}/history?limit=0`).expect(400)).body.code).toBe('request-invalid');
    expect((await post(`${failover}/acknowledge`, { group: 77 }).expect(404)).body.code).toBe(
      'group-not-found',
    );
  });
});

describe('approving', () => {
  it('takes the node of an operator’s choice and approves in one request', async () => {
    const id = await blockedFailover(2, 'loss-above-limit');
    expect(await groupOne()).toMatchObject({
      open: [{ id, workflow: 'failover', status: 'blocked', problem: { code: 'loss-above-limit' } }],
      refusal: { code: 'under-way' },
    });
    const approve = (body: object): request.Test => post(`/workflows/${id}/approve`, body);
    await approve({ code: 'loss-above-limit', choice: 'the second one' }).expect(400);
    expect((await approve({ code: 'vetoed', choice: replica }).expect(409)).body.code).toBe(
      'steering-refused',
    );
    expect((await api.engine.get(id)).settings).toEqual({});

    const keyed = (): request.Test =>
      approve({ code: 'loss-above-limit', choice: replica, note: 'agreed' }).set(
        'Idempotency-Key',
        'on-call-1',
      );
    expect((await keyed().expect(200)).body).toMatchObject({ id, status: 'running' });
    await keyed().expect(200);
    const { settings, approvals, head } = await api.engine.get(id);
    expect(settings).toEqual({ choice: replica });
    expect(approvals).toEqual(['loss-above-limit']);
    await keyed().expect(200);
    expect((await api.engine.get(id)).head.version).toBe(head.version);
  });

  it('takes a choice where there is one only', async () => {
    const [{ id }] = (await post('/clusters/lab/bootstrap').expect(202)).body.workflows as [{ id: string }];
    const { body } = await post(`/workflows/${id}/approve`, { code: 'x', choice: replica }).expect(409);
    expect(body).toMatchObject({ code: 'no-choice', remedy: expect.any(String) });
  });
});

describe('a switchover', () => {
  const switchovers = '/clusters/lab/switchovers';
  const groupTwo = (): [string, string] => {
    const [from = '', to = ''] = lab.definition.groups[1]?.nodes ?? [];
    return [from, to];
  };

  it('is rehearsed without anything being started', async () => {
    const [from, to] = groupTwo();
    const { body } = await post(switchovers, { group: 2, to, dryRun: true }).expect(200);
    expect(body).toMatchObject({ workflow: null, rehearsal: { ready: true, refusals: [] } });
    expect(body.rehearsal.wouldDo).toContain(`wait until ${to} lacks hardly anything of ${from}`);
    expect(await api.engine.list({ workflow: 'switchover', limit: 10 })).toEqual([]);
  });

  it.each([
    [{ group: 2 }, 400, 'request-invalid'],
    [{ group: 2, to: 'b' }, 400, 'request-invalid'],
    [{ group: 2, to: 'b:1', notBefore: 'tonight' }, 400, 'request-invalid'],
    [{ group: 2, to: 'b:1', notBefore: '2030-01-01T03:00:00' }, 400, 'request-invalid'],
    [{ group: 2, to: 'b:1', notBefore: '2030-02-31T03:00:00Z' }, 400, 'request-invalid'],
    [{ group: 77, to: 'b:1' }, 404, 'group-not-found'],
    [{ group: 2, to: 'b:1' }, 409, 'not-a-replica'],
    [{ group: 2, to: 'b:1', notBefore: '2030-01-01T03:00:00Z' }, 409, 'not-a-replica'],
  ])('asked for with %j is refused with %d %s', async (body, status, code) => {
    const answer = await post(switchovers, body).expect(status);
    expect(answer.body).toMatchObject({ code, remedy: expect.any(String) });
  });

  it('is refused at the door while a proxy is away, with all that stands against it', async () => {
    const [, to] = groupTwo();
    const [proxy] = lab.sandbox.proxies.values();
    await proxy?.apply('crash');
    try {
      const refused = await post(switchovers, { group: 2, to }).expect(409);
      expect(refused.body.problems.length).toBeGreaterThan(0);
      const rehearsed = await post(switchovers, { group: 2, to, dryRun: true }).expect(200);
      expect(rehearsed.body.rehearsal).toMatchObject({ ready: false, refusals: refused.body.problems });
    } finally {
      await proxy?.apply('restart');
    }
  });

  it('can be asked for later, and asked for again with the same key', async () => {
    const [from, to] = groupTwo();
    const at = '2030-01-01T03:00:00+01:00';
    const keyed = (body: object): request.Test =>
      post(switchovers, body).set('Idempotency-Key', 'new-year-1');
    const { workflow } = (await keyed({ group: 2, to, notBefore: at }).expect(202)).body;
    expect(workflow).toMatchObject({
      workflow: 'switchover',
      input: { cluster: 'lab', group: 2, from, to, acceptLoss: false, notBefore: '2030-01-01T02:00:00.000Z' },
      startedBy: 'operator:admin',
    });
    const again = await keyed({ group: 2, to, notBefore: at }).expect(202);
    expect(again.body.workflow.id).toBe(workflow.id);
    expect((await keyed({ group: 2, to }).expect(409)).body.code).toBe('command-id-reused');
    expect((await post(switchovers, { group: 2, to }).expect(409)).body).toMatchObject({
      code: 'group-in-use',
      message: expect.stringContaining(workflow.id),
    });
  });
});

describe('a failover by hand', () => {
  it('is started for the present master, once for a key', async () => {
    const failovers = '/clusters/lab/failovers';
    const keyed = (group: number): request.Test =>
      post(failovers, { group }).set('Idempotency-Key', 'by-hand-1');
    const [workflow] = (await keyed(3).expect(202)).body.workflows;
    expect(workflow).toMatchObject({
      workflow: 'failover',
      startedBy: 'operator:admin',
      input: { group: 3, epoch: 1, master: lab.definition.groups[2]?.nodes[0], approvalNeeded: false },
    });
    expect((await keyed(3).expect(202)).body.workflows[0].id).toBe(workflow.id);
    expect((await keyed(2).expect(409)).body.code).toBe('command-id-reused');
    expect((await post(failovers, { group: 3 }).expect(409)).body.code).toBe('resource-held');
    expect((await post(failovers, { group: 77 }).expect(404)).body.code).toBe('group-not-found');
  });
});

describe('healing', () => {
  const heal = '/clusters/lab/heal';
  const finding = (group: number, node: string, follows: string, code: FindingCode): Finding => ({
    code,
    group,
    node,
    master: follows,
    slots: [0, 1, 2].map((slot) => ({ table: 0, slot })),
    since: 1,
    message: `${node} is not well`,
  });

  it('says so when nobody looks', async () => {
    expect((await get(heal).expect(409)).body).toMatchObject({
      code: 'nobody-looks',
      remedy: expect.stringContaining('slotferry failover status'),
    });
    expect((await post(heal).expect(409)).body.code).toBe('nobody-looks');
  });

  it('shows what was found and what would be done, and does it one node of a group at a time', async () => {
    const at = Date.now();
    await memory.setFindings('lab', {
      at,
      findings: [
        finding(1, replica, master, 'slot-missing'),
        finding(1, replica, master, 'stuck-waiting'),
        finding(1, 'other:1', master, 'wrong-master'),
      ],
    });
    const slots = [0, 1, 2].map((slot) => ({
      table: 0,
      slot,
      position: { file: 0, offset: 100 },
      following: null,
      status: null,
      lag: null,
    }));
    await memory.sawNode('lab', { node: master, at, slots });

    const { body: plan } = await get(heal).expect(200);
    expect(plan).toMatchObject({ cluster: 'lab', mode: 'repair', lookedAt: at });
    expect(plan.proposals[0]).toMatchObject({
      finding: { code: 'slot-missing', node: replica, slots: [{ table: 0, slots: '0-2', count: 3 }] },
      steps: [{ step: 'create' }, { step: 'attach' }],
    });

    expect((await post(heal, { group: 2 }).expect(202)).body).toEqual({ workflows: [], postponed: [] });
    const { body: healed } = await post(heal).expect(202);
    expect(healed.workflows).toMatchObject([
      { workflow: 'rejoin', input: { node: replica, finding: 'slot-missing' }, startedBy: 'operator:admin' },
    ]);
    expect(healed.postponed).toMatchObject([
      { finding: { node: 'other:1' }, why: expect.stringContaining('is mended first') },
    ]);
    const { body: again } = await post(heal, { node: replica }).expect(202);
    expect(again).toMatchObject({
      workflows: [],
      postponed: [
        { why: expect.stringContaining(healed.workflows[0].id) },
        { why: expect.stringContaining(healed.workflows[0].id) },
      ],
    });
  });
});

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseClusterFile, type Router } from '@slotferry/cluster';
import { ClusterConnections } from '@slotferry/inventory';
import { Redactor } from '@slotferry/platform';
import { Feed, draft } from '@slotferry/workflow';
import Redis from 'ioredis';
import request from 'supertest';
import { type Sandbox } from '../../apps/sandbox/src/sandbox';
import { startRedis, type TestRedis } from '../support/redis';
import { asWorker, startApi, type TestApi } from './support/api';
import { clusterFile, startLab } from './support/cluster';
import { SseReader } from './support/sse';
import { until } from './support/until';

jest.setTimeout(60_000);

let redis: TestRedis;
let lab: Sandbox;
let api: TestApi;
let raw: Redis;

beforeAll(async () => {
  redis = await startRedis();
  [lab, api] = await Promise.all([startLab(), startApi(redis.url)]);
  raw = new Redis(redis.url);
  raw.on('error', () => undefined);
});

afterAll(async () => {
  raw?.disconnect();
  await Promise.all([lab?.close(), api?.close()]);
  await redis?.stop();
});

beforeEach(async () => {
  await raw.flushall();
  await put('/clusters/lab')
    .send({ file: clusterFile(lab), fileName: 'cluster.yaml' })
    .expect(200);
});

const bearer = (): string => `Bearer ${api.key}`;
const get = (path: string): request.Test => request(api.url).get(path).set('Authorization', bearer());
const put = (path: string): request.Test => request(api.url).put(path).set('Authorization', bearer());
const post = (path: string): request.Test => request(api.url).post(path).set('Authorization', bearer());
const bootstrap = async (): Promise<string> =>
  (await post('/clusters/lab/bootstrap').expect(202)).body.workflows[0].id as string;

describe('the key', () => {
  it('is made at the first start, readable by its owner alone, and kept', async () => {
    const { mode } = await stat(join(api.dataDir, 'admin.key'));
    expect(mode & 0o777).toBe(0o600);
    await api.stop();
    await api.start();
    await get('/clusters').expect(200);
  });

  it.each([
    ['no key', {}],
    ['another key', { Authorization: 'Bearer sf_0000000000000000000000000000000000000000000' }],
    ['another form', { Authorization: 'Basic YWRtaW46YWRtaW4=' }],
  ])('with %s nothing is told, except how to get it', async (_what, headers) => {
    const { body } = await request(api.url)
      .get('/clusters')
      .set(headers)
      .expect(401)
      .expect('WWW-Authenticate', /Bearer/);
    expect(body).toMatchObject({ code: 'unauthorised', remedy: expect.stringContaining('admin.key') });
    expect(JSON.stringify(body)).not.toContain(api.key);
  });

  it.each(['/health', '/ready', '/docs', '/docs-json'])('is not needed for %s', async (path) => {
    await request(api.url).get(path).expect(200);
  });
});

describe('clusters', () => {
  it('refuses a file with everything that is wrong with it, line by line', async () => {
    const file = 'name: lab\nrouter: { kind: twemproxy }\ngroups: 3\n';
    const { body } = await put('/clusters/lab').send({ file, fileName: 'c.yaml' }).expect(422);
    expect(body.code).toBe('CLUSTER_FILE_INVALID');
    expect(body.problems).toEqual([
      expect.objectContaining({ code: 'ROUTER_UNSUPPORTED', line: 2, remedy: expect.any(String) }),
      expect.objectContaining({ code: 'WRONG_TYPE', line: 3, remedy: expect.any(String) }),
    ]);
  });

  it('refuses a file at the address of another cluster', async () => {
    const { body } = await put('/clusters/prod')
      .send({ file: clusterFile(lab), fileName: 'c.yaml' })
      .expect(422);
    expect(body.code).toBe('cluster-name-mismatch');
  });

  it('registers, tells what changed, lists and shows', async () => {
    const send = (file: string): request.Test => put('/clusters/other').send({ file, fileName: 'c.yaml' });
    const file = clusterFile(lab, 'other');
    expect((await send(file)).body).toMatchObject({
      change: 'created',
      version: 1,
      savedBy: 'operator:admin',
    });
    expect((await send(file)).body).toMatchObject({ change: 'unchanged', version: 1 });
    expect((await send(file.replace('"0-3"', '"0-2"'))).body).toMatchObject({
      change: 'changed',
      version: 2,
    });
    const { clusters } = (await get('/clusters').expect(200)).body;
    expect(pluck(pluck(clusters, 'definition'), 'name')).toEqual(['lab', 'other']);
    expect((await get('/clusters/other').expect(200)).body).toMatchObject({ version: 2 });
  });

  it('names the known clusters when asked for another', async () => {
    const { body } = await get('/clusters/nope').expect(404);
    expect(body).toMatchObject({ code: 'cluster-not-found', message: expect.stringContaining('lab') });
  });

  it('refuses fields it does not know', async () => {
    const { body } = await put('/clusters/lab')
      .send({ file: '', fileName: 'c.yaml', force: true })
      .expect(400);
    expect(body).toMatchObject({ code: 'request-invalid', problems: [{ path: 'force' }] });
  });

  it('answers a body that is no JSON, and a path that leads nowhere, in the same form', async () => {
    const broken = put('/clusters/lab').set('Content-Type', 'application/json').send('{"file"');
    expect((await broken.expect(400)).body).toMatchObject({
      code: 'request-invalid',
      remedy: expect.any(String),
    });
    expect((await get('/nowhere').expect(404)).body).toMatchObject({ code: 'route-not-found' });
  });
});

describe('topology', () => {
  it('shows who owns what and how replicas follow', async () => {
    const body = await until('the dashboard to have looked at its proxies', async () => {
      const answer = await get('/clusters/lab/topology').expect(200);
      return pluck(answer.body.proxies, 'healthy').every(Boolean) ? (answer.body as Topology) : null;
    });
    expect(body.unreachable).toEqual([]);
    expect(body.groups[0]).toMatchObject({
      id: 1,
      slots: [{ table: 0, slots: '0-3', count: 4 }],
      nodes: [
        { role: 'master', reachable: true, version: '3.4.1', holds: [{ slots: '0-3' }], replication: null },
        {
          role: 'replica',
          replication: { attached: [{ slots: '0-3' }], lagging: [], missing: [], maxLagBytes: 0 },
        },
      ],
    });
    expect(body.groups[2]).toMatchObject({ id: 3, slots: [] });
    expect(body.proxies).toHaveLength(2);
    expect(body.offline).toEqual([{ table: 0, slots: '8-1023', count: 1016 }]);
    expect(body.differences).toContain('The router has no group 3');
  });

  it('names a node that hangs and one that is down, and tells the rest within seconds', async () => {
    const [, second, , fourth] = [...lab.nodes.values()];
    second!.freeze();
    await fourth!.crash();
    try {
      const { body } = await get('/clusters/lab/topology').timeout(8_000).expect(200);
      const parts = pluck(body.unreachable, 'part');
      expect(parts).toEqual([`node ${second!.address}`, `node ${fourth!.address}`]);
      expect(body.groups[0].nodes[0].reachable).toBe(true);
    } finally {
      second!.thaw();
      await fourth!.restart();
    }
  });

  it('still shows the nodes when the router is away', async () => {
    await lab.dashboard.apply('crash');
    try {
      const { body } = await get('/clusters/lab/topology').expect(200);
      expect(body.router).toMatchObject({ reachable: false, problem: { remedy: expect.any(String) } });
      expect(body.groups[0]).toMatchObject({
        slots: null,
        nodes: [{ reachable: true }, { reachable: true }],
      });
      const { body: refused } = await post('/clusters/lab/moves').send({ slots: '1', to: 2 }).expect(502);
      expect(refused).toMatchObject({ code: 'unreachable', errorId: expect.stringMatching(/^err-/) });
    } finally {
      await lab.dashboard.apply('restart');
    }
  });
});

describe('moves', () => {
  const move = (body: object, key?: string): request.Test => {
    const asked = post('/clusters/lab/moves').send(body);
    return key === undefined ? asked : asked.set('Idempotency-Key', key);
  };

  it('starts one workflow for every slot', async () => {
    const { body } = await move({ slots: '0-1,3', to: 2 }).expect(202);
    expect(pluck(body.workflows, 'input')).toEqual(
      [0, 1, 3].map((slot) => ({ cluster: 'lab', table: 0, slot, from: 1, to: 2 })),
    );
    expect(body.workflows[0]).toMatchObject({
      status: 'running',
      phase: 'preflight',
      startedBy: 'operator:admin',
    });
  });

  it.each([
    ['a slot that is there', { slots: '5', to: 2 }, 409, 'already-there'],
    ['a slot of no group', { slots: '900', to: 2 }, 409, 'slot-offline'],
    ['a slot beyond the table', { slots: '1024', to: 2 }, 422, 'SLOTS_OUT_OF_RANGE'],
    ['a text that is no slot', { slots: 'all', to: 2 }, 422, 'SLOTS_SYNTAX'],
    ['a group nobody defined', { slots: '1', to: 9 }, 404, 'group-not-found'],
    ['a group the router lacks', { slots: '1', to: 3 }, 409, 'group-not-in-router'],
    ['a table nobody defined', { slots: '1', to: 2, table: 7 }, 422, 'table-unknown'],
    ['more than 64 slots', { slots: '0-64', to: 2 }, 422, 'too-many-slots'],
    ['a group that is no number', { slots: '1', to: 'two' }, 400, 'request-invalid'],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await move(body).expect(status);
    expect(answer.body).toMatchObject({ code, message: expect.any(String), remedy: expect.any(String) });
    expect((await get('/workflows')).body.workflows).toEqual([]);
  });

  it('names every slot that stands in the way, and starts none', async () => {
    const { body } = await move({ slots: '3-5', to: 2 }).expect(409);
    expect(pluck(body.problems, 'message')).toEqual([
      'slot 4 belongs to group 2 already',
      'slot 5 belongs to group 2 already',
    ]);
    expect((await get('/workflows')).body.workflows).toEqual([]);
  });

  it('refuses a slot that is moving, naming the workflow', async () => {
    const [{ id }] = (await move({ slots: '1', to: 2 }).expect(202)).body.workflows;
    const { body } = await move({ slots: '0-1', to: 2 }).expect(409);
    expect(body).toMatchObject({ code: 'resource-held', message: expect.stringContaining(id) });
  });

  it('refuses a slot that the router hands over already', async () => {
    const router = labRouter();
    await router.setHandoversDisabled(true);
    await router.queueHandover({ table: 0, slot: 2 }, 2);
    try {
      expect((await move({ slots: '2', to: 2 }).expect(409)).body.code).toBe('slot-busy');
    } finally {
      await router.withdrawHandover({ table: 0, slot: 2 });
      await router.setHandoversDisabled(false);
      await router.close();
    }
  });

  it('answers a repeated key with the same workflows, also when the slots have moved since', async () => {
    const first = (await move({ slots: '2-3', to: 2 }, 'deploy_2026-11').expect(202)).body.workflows;
    const router = labRouter();
    await router.assign(
      [2, 3].map((slot) => ({ table: 0, slot })),
      2,
    );
    try {
      const again = (await move({ slots: '2-3', to: 2 }, 'deploy_2026-11').expect(202)).body.workflows;
      expect(pluck(again, 'id')).toEqual(pluck(first, 'id'));
    } finally {
      await router.assign(
        [2, 3].map((slot) => ({ table: 0, slot })),
        1,
      );
      await router.close();
    }
    expect((await move({ slots: '2', to: 2 }, 'deploy_2026-11').expect(409)).body.code).toBe(
      'command-id-reused',
    );
    expect((await move({ slots: '2', to: 2 }, 'short').expect(400)).body.code).toBe('request-invalid');
  });
});

describe('workflows', () => {
  it('lists by cluster, kind and status, newest first', async () => {
    const [older] = (await post('/clusters/lab/moves').send({ slots: '1', to: 2 })).body.workflows;
    const newer = await bootstrap();
    await post(`/workflows/${newer}/pause`).expect(200);
    const ids = async (query: string): Promise<unknown[]> =>
      pluck((await get(`/workflows?${query}`).expect(200)).body.workflows, 'id');
    expect(await ids('cluster=lab')).toEqual([newer, older.id]);
    expect(await ids('workflow=move-slot')).toEqual([older.id]);
    expect(await ids('status=paused,blocked')).toEqual([newer]);
    expect(await ids('limit=1')).toEqual([newer]);
    expect(await ids('cluster=other')).toEqual([]);
    await get('/workflows?status=asleep').expect(400);
  });

  it('shows phases, facts and steps, and verifies the history', async () => {
    const id = await bootstrap();
    await asWorker(
      api,
      id,
      draft('fact-recorded', { facts: { heldMs: 83 } }),
      draft('step-completed', { phase: 'preflight', step: 'looked' }),
      draft('phase-completed', { phase: 'preflight', tookMs: 12, result: { nodes: 6 } }),
    );
    const { body } = await get(`/workflows/${id}`).expect(200);
    expect(body).toMatchObject({
      id,
      phase: 'create-slots',
      facts: { heldMs: 83 },
      steps: [{ step: 'looked' }],
    });
    expect(body.phaseRecords).toEqual([
      expect.objectContaining({ phase: 'preflight', completedAt: expect.any(Number), result: { nodes: 6 } }),
      expect.objectContaining({ phase: 'create-slots', completedAt: null }),
    ]);
    const { events } = (await get(`/workflows/${id}/events?after=2`).expect(200)).body;
    expect(pluck(events, 'version')).toEqual([3, 4]);
    expect((await get(`/workflows/${id}/verify`).expect(200)).body).toEqual({
      workflowId: id,
      intact: true,
      fault: null,
    });
  });

  it('finds an event that was changed behind its back', async () => {
    const id = await bootstrap();
    const key = api.engine.log.keys.log(id);
    const [[entry, fields]] = (await raw.xrange(key, '-', '+')) as [[string, string[]]];
    await raw.del(key);
    await raw.xadd(key, entry, ...fields.map((field) => field.replace('operator:admin', 'operator:nobody')));
    const { body } = await get(`/workflows/${id}/verify`).expect(200);
    expect(body).toMatchObject({ intact: false, fault: { version: 1, code: 'changed' } });
  });

  it('answers 404 for a workflow that does not exist, on every route', async () => {
    for (const path of ['', '/events', '/events/stream', '/verify']) {
      expect((await get(`/workflows/mv-nope${path}`).expect(404)).body.code).toBe('workflow-not-found');
    }
    await post('/workflows/mv-nope/cancel').expect(404);
  });

  it('gives a failure of its own an id', async () => {
    const id = await bootstrap();
    await raw.xadd(api.engine.log.keys.log(id), '9-0', 'rubbish', 'x');
    const { body } = await get(`/workflows/${id}/events`).expect(500);
    expect(body).toMatchObject({ code: 'log-unreadable', errorId: expect.stringMatching(/^err-/) });
  });
});

describe('steering', () => {
  it('pauses, resumes, approves, retries and cancels', async () => {
    const id = await bootstrap();
    const ask = (request: string, body: object = {}): request.Test =>
      post(`/workflows/${id}/${request}`).send(body);
    expect((await ask('pause', { reason: 'lunch' }).expect(200)).body.status).toBe('paused');
    expect((await ask('resume').expect(200)).body.status).toBe('running');
    expect((await ask('retry').expect(409)).body.code).toBe('steering-refused');
    const problem = { code: 'disk-full', message: 'no room', remedy: 'make room' };
    const blocked = { phase: 'preflight', problem, unblock: 'operator', recheckAfterMs: null };
    await asWorker(api, id, draft('phase-blocked', blocked));
    expect((await ask('approve', { code: 'other' }).expect(409)).body.code).toBe('steering-refused');
    expect((await ask('approve', {}).expect(400)).body.code).toBe('request-invalid');
    expect((await ask('approve', { code: 'disk-full', note: 'ok' }).expect(200)).body.status).toBe('running');
    expect((await ask('cancel').expect(200)).body.cancelRequested).toBe(true);
  });

  it('is safe to repeat with a key, also when it could not be asked any more', async () => {
    const id = await bootstrap();
    const problem = { code: 'x', message: 'x', remedy: 'x' };
    await asWorker(api, id, draft('phase-failed', { phase: 'preflight', problem }));
    const retry = (): request.Test => post(`/workflows/${id}/retry`).set('Idempotency-Key', 'retry-0001');
    expect((await retry().expect(200)).body.status).toBe('running');
    expect((await retry().expect(200)).body.version).toBe(3);
  });
});

describe('the event stream', () => {
  const open = (id: string, headers: Record<string, string> = {}): Promise<SseReader> =>
    SseReader.open(`${api.url}/workflows/${id}/events/stream`, { authorization: bearer(), ...headers });

  it('sends what was, then what comes, and ends after the last event', async () => {
    const id = await bootstrap();
    const stream = await open(id);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    expect(await stream.next()).toMatchObject({ id: 1, event: 'workflow-started', data: { version: 1 } });
    await asWorker(api, id, draft('phase-completed', { phase: 'preflight', tookMs: 5 }));
    expect(await stream.next()).toMatchObject({ id: 2, event: 'phase-completed' });
    await asWorker(api, id, draft('workflow-completed', { tookMs: 6 }));
    expect(await stream.next()).toMatchObject({ id: 3, event: 'workflow-completed' });
    expect(await stream.next()).toBeNull();
  });

  it('goes on after Last-Event-ID, and says when there is nothing more', async () => {
    const id = await bootstrap();
    await asWorker(api, id, draft('workflow-completed', { tookMs: 6 }));
    const stream = await open(id, { 'last-event-id': '1' });
    expect(await stream.next()).toMatchObject({ id: 2 });
    expect(await stream.next()).toBeNull();
    await get(`/workflows/${id}/events/stream`).set('Last-Event-ID', '2').expect(204);
    await get(`/workflows/${id}/events/stream`).set('Last-Event-ID', 'x').expect(400);
  });

  it('loses nothing when a wake-up gets lost', async () => {
    const id = await bootstrap();
    const stream = await open(id);
    await stream.next();
    const deaf = jest.spyOn(Feed.prototype, 'listen').mockReturnValue(() => undefined);
    const unheard = await open(id);
    try {
      await unheard.next();
      await asWorker(api, id, draft('workflow-completed', { tookMs: 6 }));
      expect(await unheard.next()).toMatchObject({ id: 2 });
    } finally {
      deaf.mockRestore();
    }
  });

  it('keeps nothing of a reader that went away', async () => {
    const unlisten = jest.fn();
    const listen = jest.spyOn(Feed.prototype, 'listen').mockReturnValue(unlisten);
    const stream = await open(await bootstrap());
    await stream.next();
    stream.abandon();
    await expect(waitForCall(unlisten)).resolves.toBeUndefined();
    listen.mockRestore();
  });

  it('does not keep the process from ending', async () => {
    const stream = await open(await bootstrap());
    await stream.next();
    const began = Date.now();
    await api.stop();
    expect(Date.now() - began).toBeLessThan(3_000);
    await api.start();
  });
});

describe('without Redis', () => {
  it('starts, lives, is not ready, refuses changes within seconds, and recovers by itself', async () => {
    await api.stop();
    await redis.kill();
    await api.start();
    await request(api.url).get('/health').timeout(500).expect(200);
    expect((await request(api.url).get('/ready').timeout(7_000).expect(503)).body.code).toBe(
      'redis-unavailable',
    );
    const { body } = await post('/clusters/lab/bootstrap').timeout(7_000).expect(503);
    expect(body).toMatchObject({
      remedy: expect.stringContaining('SLOTFERRY_REDIS_URL'),
      errorId: expect.any(String),
    });
    expect((await post('/workflows/x/pause').timeout(7_000).expect(503)).body.code).toBe('log-unavailable');
    await redis.restart();
    await expect(becomesReady()).resolves.toBe(200);
  });

  it('is not ready when Redis would lose or drop events', async () => {
    await raw.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      expect((await request(api.url).get('/ready').expect(503)).body).toMatchObject({ code: 'redis-evicts' });
    } finally {
      await raw.config('SET', 'maxmemory-policy', 'noeviction');
    }
  });
});

describe('the documentation', () => {
  it('describes every route with its answers and its errors', async () => {
    const { body } = await request(api.url).get('/docs-json').expect(200);
    const routes = Object.keys(body.paths).sort();
    expect(routes).toEqual([
      '/clusters',
      '/clusters/{name}',
      '/clusters/{name}/bootstrap',
      '/clusters/{name}/failover',
      '/clusters/{name}/failover/acknowledge',
      '/clusters/{name}/failover/history',
      '/clusters/{name}/failover/pause',
      '/clusters/{name}/failover/resume',
      '/clusters/{name}/failovers',
      '/clusters/{name}/heal',
      '/clusters/{name}/moves',
      '/clusters/{name}/plans',
      '/clusters/{name}/switchovers',
      '/clusters/{name}/topology',
      '/health',
      '/plans/{id}',
      '/plans/{id}/execute',
      '/ready',
      '/workflows',
      '/workflows/{id}',
      '/workflows/{id}/approve',
      '/workflows/{id}/cancel',
      '/workflows/{id}/events',
      '/workflows/{id}/events/stream',
      '/workflows/{id}/pause',
      '/workflows/{id}/resume',
      '/workflows/{id}/retry',
      '/workflows/{id}/settings',
      '/workflows/{id}/verify',
    ]);
    const paths = body.paths as Record<string, Record<string, Operation>>;
    const operations = routes
      .filter((route) => route !== '/health' && route !== '/ready')
      .flatMap((route) => Object.values(paths[route] ?? {}));
    for (const { responses, summary } of operations) {
      expect(summary).not.toBe('');
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '500', '503']));
      expect(JSON.stringify(responses['401'])).toContain('ErrorAnswerDto');
    }
  });
});

interface Topology {
  readonly groups: readonly unknown[];
  readonly proxies: readonly unknown[];
  readonly offline: readonly unknown[];
  readonly unreachable: readonly unknown[];
  readonly differences: readonly string[];
}

interface Operation {
  readonly responses: Record<string, unknown>;
  readonly summary: string;
}

/** One member of every object of a list. */
function pluck(list: unknown, name: string): unknown[] {
  return (list as Record<string, unknown>[]).map((one) => one[name]);
}

function labRouter(): Router {
  return new ClusterConnections(new Redactor()).open(parseClusterFile(clusterFile(lab), 'lab')).router;
}

async function waitForCall(called: jest.Mock): Promise<void> {
  await until('the listener to be taken away', () => called.mock.calls.length > 0);
}

async function becomesReady(): Promise<number> {
  return until('the API to be ready', async () => {
    const { status } = await request(api.url).get('/ready');
    return status === 200 ? status : null;
  });
}

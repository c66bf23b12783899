import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Router, slotOfKey } from '@slotferry/cluster';
import { type RebalanceProgress, type StoredPlan } from '@slotferry/migration';
import { type WorkflowSummary } from '@slotferry/workflow';
import { Redis } from 'ioredis';
import request from 'supertest';
import { MigratorModule } from '../../apps/migrator/src/migrator.module';
import { type Lab, startLab } from '../support/lab';
import { startApi, type TestApi } from './support/api';

jest.setTimeout(30_000);

let lab: Lab;
let api: TestApi;
let migrator: INestApplicationContext;
let router: Router;

beforeAll(async () => {
  lab = await startLab({ slotsPerGroup: 6 });
  api = await startApi(lab.redis.url);
  migrator = await NestFactory.createApplicationContext(MigratorModule.with(api.configuration), {
    logger: false,
  });
  ({ router } = lab.connections.open(lab.definition));
});

afterAll(async () => {
  await migrator?.close();
  await api?.close();
  await lab?.stop();
});

const bearer = (): string => `Bearer ${api.key}`;
const get = (path: string): request.Test => request(api.url).get(path).set('Authorization', bearer());
const post = (path: string, body: object = {}): request.Test =>
  request(api.url).post(path).set('Authorization', bearer()).send(body);
const plan = async (goal: object, limits?: object): Promise<StoredPlan> =>
  (await post('/clusters/lab/plans', { goal, limits }).expect(201)).body as StoredPlan;
const execute = async (id: string): Promise<WorkflowSummary> =>
  (await post(`/plans/${id}/execute`).expect(202)).body as WorkflowSummary;
const slots = (list: string, to: number): object => ({ kind: 'slots', slots: list, to });

describe('planning', () => {
  it('shows what would move, keeps the plan, and changes nothing', async () => {
    const before = await router.view();
    const made = await plan({ kind: 'even' }, { inFlight: 4 });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^pl-/),
      cluster: 'lab',
      count: 4,
      createdBy: 'operator:admin',
      limits: { inFlight: 4, perSource: 512, copiesPerSource: 4, copiesPerTarget: 8 },
    });
    expect(made.groups).toEqual([
      { group: 1, before: 6, after: 4 },
      { group: 2, before: 6, after: 4 },
      { group: 3, before: 0, after: 4 },
    ]);
    expect((await get(`/plans/${made.id}`).expect(200)).body).toEqual(made);
    expect((await router.view()).routes).toEqual(before.routes);
  });

  it('takes weights, and empties a group', async () => {
    const weighted = await plan({ kind: 'even', weights: { '1': 1, '2': 1, '3': 0 } });
    expect(weighted.count).toBe(0);
    const drained = await plan({ kind: 'drain', group: 2 });
    expect(drained.groups.map(({ after }) => after)).toEqual([6, 0, 6]);
  });

  it('evens out by what was written to the slots', async () => {
    await writeTo([0, 1]);
    const made = await plan({ kind: 'even-by-written' });
    expect(made.goal).toEqual({ kind: 'even-by-size', measure: 'written', tolerance: 0.05 });
    expect(made.moves).toEqual([{ table: 0, from: 1, to: 2, slots: '1' }]);
    const [first, second, third] = made.groups.map(({ size }) => size);
    expect(first?.before).toBeGreaterThan(1_000);
    expect([second, third]).toEqual([
      { before: 0, after: expect.any(Number) },
      { before: 0, after: 0 },
    ]);
    expect((first?.after ?? 0) + (second?.after ?? 0)).toBe(first?.before);
    expect(
      await plan({ kind: 'even-by-written', table: 0, tolerance: 0.01, weights: { '2': 0 } }),
    ).toMatchObject({
      goal: { table: 0, tolerance: 0.01, weights: { '2': 0 } },
      groups: expect.arrayContaining([expect.objectContaining({ group: 2, after: 0 })]),
    });
  });

  it('evens out by sizes it is given', async () => {
    const sizes = Object.fromEntries(Array.from({ length: 12 }, (_, slot) => [slot, slot < 6 ? 2 : 0]));
    const made = await plan({ kind: 'even-by-sizes', sizes, tolerance: 0.02 });
    expect(made.goal).toEqual({ kind: 'even-by-size', measure: 'given', tolerance: 0.02, table: 0 });
    expect(made.groups.map(({ size }) => size)).toEqual([
      { before: 12, after: 4 },
      { before: 0, after: 4 },
      { before: 0, after: 4 },
    ]);
    expect((await get(`/plans/${made.id}`).expect(200)).body).toEqual(made);
  });

  it.each([
    [{ kind: 'even-by-sizes' }, 400, 'sizes must be an object'],
    [{ kind: 'even-by-sizes', sizes: { '0-3': 1 } }, 400, 'is not the number of a slot'],
    [
      { kind: 'even-by-sizes', sizes: { '0': 1, '3': 2 } },
      422,
      'There is no size for slots 1-2,4-11 of table 0',
    ],
    [{ kind: 'even-by-sizes', sizes: { '1024': 1 } }, 422, 'Slot 1024 does not exist'],
    [{ kind: 'even-by-sizes', sizes: { '0': 1 }, table: 7 }, 422, 'no table 7'],
    [{ kind: 'even-by-written', sizes: { '0': 1 } }, 400, 'sizes should not exist'],
    [{ kind: 'even-by-written', tolerance: 0 }, 400, 'tolerance must not be less than 0.001'],
    [{ kind: 'even-by-written', table: 7 }, 422, 'no table 7'],
    [{ kind: 'even', tolerance: 0.1 }, 400, 'tolerance should not exist'],
  ])('refuses the goal %j with %d: %s', async (goal, status, message) => {
    const { body } = await post('/clusters/lab/plans', { goal }).expect(status);
    expect(body.message).toContain(message);
  });

  it('keeps the slots that are to go first with the limits', async () => {
    expect((await plan({ kind: 'even' }, { first: '4-5' })).limits).toMatchObject({ first: '4-5' });
    const refused = async (first: string, status: number): Promise<string> =>
      (await post('/clusters/lab/plans', { goal: { kind: 'even' }, limits: { first } }).expect(status)).body
        .message as string;
    expect(await refused('5-4', 400)).toContain('The range 5-4 runs backwards');
    expect(await refused('1024', 422)).toContain('Slot 1024 does not exist');
    expect(await refused('7/0', 422)).toContain('no table 7');
  });

  it.each([
    [{ goal: { kind: 'fair' } }, 400, 'request-invalid'],
    [{ goal: { kind: 'drain' } }, 400, 'request-invalid'],
    [{ goal: { kind: 'even', group: 2 } }, 400, 'request-invalid'],
    [{}, 400, 'request-invalid'],
    [{ goal: { kind: 'even' }, limits: { inFlight: 0 } }, 400, 'request-invalid'],
    [{ goal: { kind: 'even', weights: { '1': -1 } } }, 422, 'WEIGHT_INVALID'],
    [{ goal: { kind: 'drain', group: 9 } }, 422, 'GROUP_UNKNOWN'],
    [{ goal: slots('0-x', 3) }, 422, 'SLOTS_SYNTAX'],
    [{ goal: slots('0-1024', 3) }, 422, 'SLOTS_OUT_OF_RANGE'],
    [{ goal: slots('900', 3) }, 422, 'SLOT_UNKNOWN'],
    [{ goal: { ...slots('0', 3), table: 7 } }, 422, 'table-unknown'],
    [{ goal: { kind: 'undo', workflow: 'rb-nope' } }, 404, 'workflow-not-found'],
  ])('refuses %j with %d %s', async (body, status, code) => {
    const answer = await post('/clusters/lab/plans', body).expect(status);
    expect(answer.body).toMatchObject({ code, remedy: expect.any(String) });
  });

  it('names a cluster or plan that is not there', async () => {
    expect((await post('/clusters/nope/plans', { goal: { kind: 'even' } }).expect(404)).body.code).toBe(
      'cluster-not-found',
    );
    expect((await get('/plans/pl-nope').expect(404)).body.code).toBe('plan-not-found');
    expect((await post('/plans/pl-nope/execute').expect(404)).body.code).toBe('plan-not-found');
  });
});

describe('executing', () => {
  it('refuses a plan that moves nothing', async () => {
    const { id } = await plan(slots('0-5', 1));
    expect((await post(`/plans/${id}/execute`).expect(409)).body.code).toBe('nothing-to-move');
  });

  it('refuses a plan whose slots have gone elsewhere since, and says so', async () => {
    const { id } = await plan(slots('0-1', 3));
    const assign = (group: number): Promise<void> => router.assign([{ table: 0, slot: 1 }], group);
    const refusal = async (): Promise<unknown> => (await post(`/plans/${id}/execute`).expect(409)).body;
    try {
      await assign(2);
      expect(await refusal()).toMatchObject({
        code: 'plan-drifted',
        message: expect.stringContaining('slot 1 belongs to group 2, not to group 1'),
      });
      await assign(3);
      expect(await refusal()).toMatchObject({
        code: 'plan-drifted',
        message: expect.stringContaining('slots 1 have moved already'),
      });
    } finally {
      await assign(1);
      for (const group of [1, 2, 3]) await router.resyncGroup(group);
    }
  });

  it('refuses a plan when the master of a group that takes part is another one; others are of no matter', async () => {
    const touching = await plan(slots('0', 3));
    const elsewhere = await plan(slots('0', 2));
    const [master = '', replica = ''] = lab.definition.groups.find(({ id }) => id === 3)?.nodes ?? [];
    await router.promote(3, replica);
    try {
      expect((await post(`/plans/${touching.id}/execute`).expect(409)).body).toMatchObject({
        code: 'plan-drifted',
        message: expect.stringContaining(`the master of group 3 is ${replica}, not ${master}`),
      });
      const { id } = await execute(elsewhere.id);
      await lab.untilEnded(id, 15_000);
    } finally {
      await router.promote(3, master);
      await router.resyncGroup(3);
    }
  });

  it('moves the slots, first what is to go first, tells its progress, and can be taken back', async () => {
    const { id: planId, hash } = await plan(slots('2-4', 3), { inFlight: 1, first: '4' });
    const started = await execute(planId);
    expect(started).toMatchObject({
      workflow: 'rebalance',
      startedBy: 'operator:admin',
      input: { cluster: 'lab', plan: planId, hash },
    });
    const ended = await lab.untilEnded(started.id, 15_000);
    expect(ended.status).toBe('completed');
    const moves = await lab.engine.list({ parent: started.id, limit: 10 });
    const inOrder = [...moves].sort((a, b) => a.startedAt - b.startedAt).map(({ id }) => id);
    expect(inOrder).toEqual([4, 2, 3].map((slot) => `${started.id}-s0-${slot}`));
    expect(await ownersOf([2, 3, 4])).toEqual([3, 3, 3]);
    const progress = ended.facts.progress as RebalanceProgress;
    expect(progress).toMatchObject({ total: 3, moved: 3, waiting: 0, held: { max: expect.any(Number) } });

    const back = await plan({ kind: 'undo', workflow: started.id });
    expect(back.moves).toEqual([{ table: 0, from: 3, to: 1, slots: '2-4' }]);
    const child = `${started.id}-s0-2`;
    const { body } = await post('/clusters/lab/plans', { goal: { kind: 'undo', workflow: child } }).expect(
      422,
    );
    expect(body).toMatchObject({ code: 'not-undoable', message: expect.stringContaining('move-slot') });
  });
});

describe('while it runs', () => {
  it('one at a time; its limits can be changed; a repeated request is the same; a cancel ends it', async () => {
    const { id: planId } = await plan(slots('6-11', 3), { inFlight: 1 });
    const { id: otherPlan } = await plan(slots('5', 3));
    const keyed = (): request.Test =>
      post(`/plans/${planId}/execute`).set('Idempotency-Key', 'night-shift-1');
    const { id } = (await keyed().expect(202)).body as WorkflowSummary;
    await post(`/workflows/${id}/pause`).expect(200);

    expect((await post(`/plans/${otherPlan}/execute`).expect(409)).body).toMatchObject({
      code: 'resource-held',
      message: expect.stringContaining(id),
    });
    await lab.until(
      id,
      'no move to be under way',
      ({ children }) => Object.values(children).every((child) => child !== 'open'),
      10_000,
    );

    const settings = (body: object): request.Test => post(`/workflows/${id}/settings`, body);
    await settings({ perSource: 2, reason: 'the night is quiet' }).expect(200);
    expect((await get(`/workflows/${id}`)).body).toMatchObject({ settings: { perSource: 2 } });
    expect((await settings({}).expect(400)).body.message).toContain('no limit is given');
    await settings({ windows: ['01:00-06:00', '22:00-23:30'] }).expect(200);
    await settings({ windows: [] }).expect(200);
    expect((await get(`/workflows/${id}`)).body.settings).toMatchObject({ perSource: 2, windows: [] });
    await settings({ first: '9-10' }).expect(200);
    expect((await get(`/workflows/${id}`)).body.settings).toMatchObject({ first: '9-10' });
    await settings({ first: '' }).expect(200);
    expect((await settings({ first: 'none' }).expect(400)).body.message).toContain('"none" is not a slot');
    const refused = (await settings({ windows: ['1-6'] }).expect(400)).body;
    expect(JSON.stringify(refused)).toContain('is not a time of day from and to');
    expect((await settings({ inFlight: 9_999 }).expect(400)).body.problems).toMatchObject([
      { path: 'inFlight' },
    ]);

    await post(`/workflows/${id}/cancel`).expect(200);
    expect((await lab.untilEnded(id, 15_000)).status).toBe('cancelled');
    expect(await ownersOf([6, 7, 8, 9, 10, 11])).toContain(2);
    const again = (await keyed().expect(202)).body as WorkflowSummary;
    expect(again).toMatchObject({ id, status: 'cancelled' });
    const reused = post(`/plans/${otherPlan}/execute`).set('Idempotency-Key', 'night-shift-1');
    expect((await reused.expect(409)).body.code).toBe('command-id-reused');
    expect((await settings({ perSource: 3 }).expect(409)).body.code).toBe('steering-refused');
  });

  it('takes over what another tool queued at the router, but only with leave to', async () => {
    const slot = (await router.view()).routes.find(({ group }) => group === 2)?.slot ?? -1;
    const { id: planId } = await plan(slots(String(slot), 3), { windows: ['00:00-23:59'] });
    await router.setHandoversDisabled(true);
    await router.queueHandover({ table: 0, slot }, 3);
    const { body } = await post(`/plans/${planId}/execute`).expect(409);
    expect(body).toMatchObject({ code: 'plan-drifted', message: expect.stringContaining('--adopt') });
    await post(`/plans/${planId}/execute`, { adopt: 'yes' }).expect(400);
    const { id, input } = (await post(`/plans/${planId}/execute`, { adopt: true }).expect(202))
      .body as WorkflowSummary;
    expect(input).toMatchObject({ adopt: true, limits: { windows: ['00:00-23:59'] } });
    await lab.until(
      id,
      'the slot taken out',
      (_, events) => events.some((one) => one.type === 'child-started'),
      10_000,
    );
    await router.setHandoversDisabled(false);
    expect((await lab.untilEnded(id, 20_000)).status).toBe('completed');
    expect(await ownersOf([slot])).toEqual([3]);
  });

  it('has settings only where there is something to set', async () => {
    const [{ id }] = (await post('/clusters/lab/bootstrap').expect(202)).body.workflows as [WorkflowSummary];
    expect((await post(`/workflows/${id}/settings`, { inFlight: 2 }).expect(409)).body.code).toBe(
      'no-settings',
    );
    await post('/workflows/rb-nope/settings', { inFlight: 2 }).expect(404);
  });
});

/** Writes as much to each of the slots. */
async function writeTo(wanted: readonly number[]): Promise<void> {
  const [proxy = ''] = lab.proxies;
  const client = new Redis(`redis://${proxy}`, { enableReadyCheck: false });
  try {
    for (const slot of wanted) {
      const tag = Array.from({ length: 100_000 }, (_, index) => `t${index}`).find(
        (one) => one.length === 6 && slotOfKey(one, 1_024) === slot,
      );
      await client.set(`{${tag}}`, 'x'.repeat(1_000));
    }
  } finally {
    client.disconnect();
  }
}

async function ownersOf(wanted: readonly number[]): Promise<(number | null)[]> {
  const routes = await router.routes(wanted.map((slot) => ({ table: 0, slot })));
  return routes.map(({ group }) => group);
}

import { silentLogger } from '@slotferry/platform';
import fc from 'fast-check';
import { startRedis, type TestRedis } from '../../../test/support/redis';
import { decideSteering } from '../src/decide';
import { verifyChain } from '../src/hash-chain';
import { done } from '../src/outcome';
import { PhaseRegistry } from '../src/phase-registry';
import { Executor } from '../src/run/executor';
import { LateRecords } from '../src/run/late-records';
import { fold, initialState, isEnded, type WorkflowState } from '../src/state';
import { AttemptLeases } from '../src/store/attempt-lease';
import type { EventLog } from '../src/store/event-log';
import { summarise } from '../src/summary';
import { jobId, nextWork } from '../src/work';
import { VersionConflict } from '../src/workflow.errors';
import { eventually } from './eventually';
import { fact, scratch, type Scratch } from './scratch';
import { toy } from './toy-workflow';

let server: TestRedis;
beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());

const registry = new PhaseRegistry(
  [toy],
  toy.phases.map((name) => ({
    workflow: 'toy',
    name,
    run: async (context) => {
      await context.command({ target: 'world', action: `put ${name}`, send: async (gate) => gate() });
      context.record({ [name]: true });
      return done(name);
    },
    undo: async (context) => {
      context.record({ [name]: false });
      return done();
    },
  })),
);

class Worker {
  readonly log: EventLog;
  readonly executor: Executor;
  readonly leases: AttemptLeases;

  constructor(space: Scratch, name: string) {
    const monotonic = (): number => performance.now();
    this.log = space.another();
    this.leases = new AttemptLeases(space.redis, space.keys, monotonic);
    this.executor = new Executor({
      log: this.log,
      leases: this.leases,
      lateRecords: new LateRecords(this.log, name, silentLogger),
      registry,
      worker: name,
      logger: silentLogger,
      leaseMs: 5_000,
      appendTimeoutMs: 2_000,
      hasten: () => Promise.resolve(),
      monotonic,
      now: Date.now,
      redact: (value) => value,
    });
  }

  async run(): Promise<void> {
    const work = nextWork(await this.log.load('a'));
    if (work) await this.executor.runJob('a', jobId(work));
  }

  async steer(kind: 'pause' | 'resume' | 'cancel'): Promise<void> {
    const state = await this.log.load('a');
    if (isEnded(state)) return;
    const drafts = decideSteering(state, kind === 'resume' ? { kind } : { kind, reason: '' });
    if (drafts.length === 0) return;
    await this.log.append(state, drafts, { actor: 'operator:ann' }).catch((error: unknown) => {
      if (!(error instanceof VersionConflict)) throw error;
    });
  }

  /** A worker that took the attempt and died; somebody notices. */
  async abandon(other: Worker): Promise<void> {
    await this.leases.take('a', 'dead', 1);
    await eventually('the lease to lapse', async () => (await other.leases.lapsed(0, 10)).includes('a'));
    await other.executor.takeOver('a');
  }
}

const step = fc.constantFrom('run', 'twice', 'both', 'restart', 'stale', 'abandon', 'pause', 'resume');

async function play(steps: readonly string[], cancelAt: number | null): Promise<WorkflowState> {
  const space = scratch(server.url);
  try {
    const begin = await space.start('a');
    let [one, two] = [new Worker(space, 'w1'), new Worker(space, 'w2')];
    const begunJob = jobId(nextWork(begin) ?? fail());
    const acts: Record<string, () => Promise<unknown>> = {
      run: () => one.run(),
      twice: () => Promise.all([one.run(), one.executor.runJob('a', begunJob)]),
      both: () => Promise.all([one.run(), two.run(), two.steer('pause'), one.steer('resume')]),
      restart: async () => void ([one, two] = [two, new Worker(space, 'w3')]),
      stale: async () => {
        const known = (await two.log.load('a')).head.version;
        const stale = one.log.append(begin, [fact({ stale: 1 })], { actor: 'worker:stale' });
        if (known > 1) await expect(stale).rejects.toMatchObject({ code: 'version-conflict' });
        else await stale;
      },
      abandon: () => one.abandon(two),
      pause: () => one.steer('pause'),
      resume: () => two.steer('resume'),
    };
    for (const [index, name] of steps.entries()) {
      if (index === cancelAt) await two.steer('cancel');
      await acts[name]?.();
    }
    await eventually('the end', async () => {
      await one.steer('resume');
      await two.run();
      return isEnded(await one.log.load('a'));
    });
    return await examine(space, one.log);
  } finally {
    space.redis.disconnect();
  }
}

/** What must hold of every log, however it came about. */
async function examine(space: Scratch, log: EventLog): Promise<WorkflowState> {
  const events = await space.another().events('a');
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  expect(verifyChain('a', events)).toBeNull();
  const whole = fold(initialState('a'), events);
  expect(await log.load('a')).toEqual(whole);
  expect(await log.summaries(['a'])).toEqual([JSON.parse(JSON.stringify(summarise(whole)))]);
  const completed = events.flatMap((one) => (one.type === 'phase-completed' ? [one.data.phase] : []));
  expect(completed).toEqual(toy.phases.slice(0, completed.length));
  const undone = events.flatMap((one) => (one.type === 'undo-completed' ? [one.data.phase] : []));
  expect(undone).toEqual([...new Set(undone)]);
  expect(await space.redis.hlen(space.keys.resources)).toBe(0);
  expect(await log.openIds()).toEqual([]);
  return whole;
}

function fail(): never {
  throw new Error('a workflow that has begun has work');
}

it('ends as a run without trouble does, whatever is delivered twice, stale, paused or dies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { stale: _, ...facts } = (await play(steps, null)).facts;
      expect(facts).toEqual({ alpha: true, beta: true, gamma: true });
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('ends undone as far as it had come, or completed, when it is cancelled anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(7), async (steps, at) => {
      const { status, facts } = await play(steps, at);
      const left = toy.phases.filter((phase) => facts[phase] === true);
      expect(left).toEqual(status === 'completed' ? toy.phases : []);
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('a job of overtaken work ends while another attempt is under way, and one that is due comes again', async () => {
  const space = scratch(server.url);
  const due = jobId(nextWork(await space.start('a')) ?? fail());
  const worker = new Worker(space, 'w1');
  await worker.leases.take('a', 'another', 5_000);
  expect(await worker.executor.runJob('a', `${due}-overtaken`)).toEqual({ kind: 'finished' });
  expect(await worker.executor.runJob('a', due)).toMatchObject({ kind: 'later' });
  space.redis.disconnect();
});

import { startRedis, type TestRedis } from '../../../test/support/redis';
import type { JsonObject } from '../src/json';
import { decideStart } from '../src/decide';
import { done, wait } from '../src/outcome';
import type { PhaseContext } from '../src/phase';
import { initialState } from '../src/state';
import type { WorkflowSummary } from '../src/summary';
import { type Behaviour, Playground, put, type Run } from './playground';
import { toy } from './toy-workflow';

const ann = { actor: 'operator:ann' };
const family = { ...toy, name: 'family', idPrefix: 'fa', phases: ['raise'], resources: () => [] };
const childOf = ({ workflowId }: Pick<PhaseContext, 'workflowId'>): string => `${workflowId}-c`;

let server: TestRedis;
let play: Playground;
beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => void (play = new Playground(server.url, server.url)));
afterEach(() => play.close());

/** Starts a parent with one child. Its phase `raise` gets the child's id once that is started. */
async function startFamily(
  raise: (context: PhaseContext, child: string) => ReturnType<Run>,
  child: Behaviour = {},
): Promise<string> {
  const run: Run = async (context) => {
    await context.startChild('toy', childOf(context), { name: childOf(context) });
    return raise(context, childOf(context));
  };
  play.worker({ raise: run, ...child }, {}, [family]);
  return (await play.engine.start(family, { name: 'f' }, ann)).id;
}

const patient: Run = async () => wait('time', 'It is too early.', 10);

describe('a parent', () => {
  it('sees where its children stand, and leaves out those that nobody knows', async () => {
    const seen: WorkflowSummary[][] = [];
    const id = await startFamily(
      async (context, child) => {
        const found = await context.childSummaries(['nobody', child]);
        seen.push(found);
        return found[0]?.phase === 'beta' ? done() : wait('child', 'It is young.', 10);
      },
      { beta: patient },
    );
    await play.ended(id);
    expect(seen.at(-1)).toMatchObject([{ id: `${id}-c`, parent: id, phase: 'beta', status: 'running' }]);
  });

  it('reads the facts of a child that has ended', async () => {
    let facts: JsonObject = {};
    const id = await startFamily(
      async (context, child) => {
        if (context.state.children[child] === 'open') return wait('child', 'It is young.', 60_000);
        facts = await context.childFacts(child);
        return done();
      },
      {
        gamma: async (context, world) => {
          context.record({ size: 7 });
          return put(context, world);
        },
      },
    );
    await play.ended(id);
    expect(facts).toMatchObject({ size: 7 });
  });

  it('cancels a child in its own name, once', async () => {
    const id = await startFamily(
      async (context, child) => {
        if (context.state.children[child] !== 'open') return done();
        const cancel = { kind: 'cancel', reason: 'bedtime' } as const;
        await context.steerChild(child, cancel);
        await context.steerChild(child, cancel);
        return wait('child', 'It is up still.', 60_000);
      },
      { beta: patient },
    );
    expect(await play.ended(id)).toMatchObject({
      status: 'completed',
      children: { open: 0, completed: 0, cancelled: 1 },
    });
    expect(await play.events(`${id}-c`, 'cancel-requested')).toMatchObject([
      { actor: `parent:${id}`, data: { reason: 'bedtime' } },
    ]);
    expect(await play.engine.verify(`${id}-c`)).toBeNull();
  });

  it('leaves a child alone that has ended', async () => {
    const id = await startFamily(async (context, child) => {
      if (context.state.children[child] === 'open') return wait('child', 'It is young.', 60_000);
      await context.steerChild(child, { kind: 'cancel', reason: 'too late' });
      return done();
    });
    expect((await play.ended(id)).status).toBe('completed');
    expect(await play.events(`${id}-c`, 'cancel-requested')).toEqual([]);
  });

  it('wakes a child that waits, and is asked by it how things are', async () => {
    let told = false;
    const id = await startFamily(
      async (context, child) => {
        if (context.state.children[child] !== 'open') return done();
        await context.persist({ facts: { awake: true } });
        // Also those that do not wait, and those that nobody knows.
        await context.wakeChildren([child, 'nobody']);
        return wait('child', 'It is young.', 20);
      },
      {
        beta: async (context, world) => {
          const { awake } = await context.parentFacts();
          if (awake !== true || !told) {
            told = true;
            return wait('parent', 'It is not called yet.', 60_000);
          }
          return put(context, world);
        },
      },
    );
    expect((await play.ended(id)).status).toBe('completed');
    expect(await play.events(`${id}-c`, 'phase-waited')).toHaveLength(1);
  });

  it('is nobody to a workflow that was started by an operator', async () => {
    let facts: JsonObject = { unknown: true };
    play.worker({
      alpha: async (context, world) => {
        facts = await context.parentFacts();
        return put(context, world);
      },
    });
    await play.ended(await play.start('ball'));
    expect(facts).toEqual({});
  });

  it('changes the settings of a child', async () => {
    const id = await startFamily(
      async (context, child) => {
        if (context.state.children[child] !== 'open') return done();
        await context.steerChild(child, { kind: 'change', settings: { mayGo: true }, reason: 'grown up' });
        return wait('child', 'It is young.', 60_000);
      },
      {
        beta: async (context, world) =>
          context.state.settings.mayGo === true ? put(context, world) : patient(context, world),
      },
    );
    expect((await play.ended(id)).status).toBe('completed');
  });
});

describe('many children', () => {
  const names = Array.from({ length: 120 }, (_, index) => `c${index}`);
  const starts = (id: string) =>
    names.map((name) => ({ id: `${id}-${name}`, input: { name: `${id}-${name}` } }));
  const raise: Run = async (context) => {
    await context.startChildren('toy', starts(context.workflowId));
    return Object.values(context.state.children).includes('open')
      ? wait('children', 'They are young.', 60_000)
      : done();
  };

  it('are started in one append of their parent, which waits for them all', async () => {
    play.worker({ raise }, {}, [family]);
    const { id } = await play.engine.start(family, { name: 'f' }, ann);
    expect(await play.ended(id)).toMatchObject({ children: { open: 0, completed: names.length } });
    const events = await play.events(id);
    expect(events.slice(1, names.length + 1).map(({ type }) => type)).toEqual(
      names.map(() => 'child-started'),
    );
    expect(events.filter(({ type }) => type === 'child-ended')).toHaveLength(names.length);
    expect(await play.engine.verify(id)).toBeNull();
  });

  it('are found by the next attempt when the one that started them died before it said so', async () => {
    const { id } = await play.engine.start(family, { name: 'f' }, ann);
    const { log } = play.engine;
    for (const child of starts(id).slice(0, 3)) {
      const drafts = decideStart(toy, child.input, id);
      const options = { actor: `parent:${id}`, commandId: `start-${child.id}` };
      await log.append(initialState(child.id), drafts, options);
    }
    // After a day the log has forgotten the ids of commands to those that have ended.
    await play.redis.del(log.keys.commands(`${id}-c1`));
    play.worker({ raise }, {}, [family]);
    await play.ended(id);
    expect(await play.events(id, 'child-started')).toHaveLength(names.length);
    for (const { id: child } of starts(id).slice(0, 3)) {
      expect(await play.events(child, 'workflow-started')).toHaveLength(1);
    }
  });

  it('are started but for those that another workflow stands in the way of', async () => {
    const ball = await play.start('ball');
    const refused: [string, string][] = [];
    play.worker(
      {
        alpha: patient,
        raise: async (context) => {
          const ids = ['ball', 'doll', 'doll'].map((name) => ({
            id: `${context.workflowId}-${name}`,
            input: { name },
          }));
          const held = await context.startChildren('toy', ids);
          refused.push(...[...held].map(([child, { holder }]) => [child, holder] as [string, string]));
          await expect(
            context.startChild('toy', `${context.workflowId}-ball`, { name: 'ball' }),
          ).rejects.toMatchObject({ code: 'resource-held', holder: ball });
          return done();
        },
      },
      {},
      [family],
    );
    const { id } = await play.engine.start(family, { name: 'f' }, ann);
    await play.ended(id);
    expect(refused).toEqual([[`${id}-ball`, ball]]);
    expect(await play.events(id, 'child-started')).toMatchObject([{ data: { child: `${id}-doll` } }]);
  });

  it('tell their facts together', async () => {
    let facts: ReadonlyMap<string, JsonObject> = new Map();
    play.worker(
      {
        raise: async (context, world) => {
          const outcome = await raise(context, world);
          if (outcome.kind !== 'done') return outcome;
          const ids = starts(context.workflowId).map(({ id }) => id);
          facts = await context.childrenFacts([...ids, 'nobody']);
          return outcome;
        },
        gamma: async (context, world) => {
          context.record({ name: context.input.name });
          return put(context, world);
        },
      },
      {},
      [family],
    );
    const { id } = await play.engine.start(family, { name: 'f' }, ann);
    await play.ended(id);
    expect(facts.get(`${id}-c7`)).toEqual({ name: `${id}-c7` });
    expect(facts.get('nobody')).toEqual({});
    expect(facts.size).toBe(names.length + 1);
  });
});

describe('changed settings', () => {
  it('wake a phase that waits, and are there for those that follow', async () => {
    const seen: JsonObject[] = [];
    play.worker({
      alpha: async (context, world) =>
        context.state.settings.go === 1 ? put(context, world) : wait('settings', 'Not yet.', 60_000),
      gamma: async (context, world) => {
        seen.push(context.state.settings);
        return put(context, world);
      },
    });
    const id = await play.start();
    await play.until(id, 'to wait', ({ waiting }) => waiting !== null);
    await play.engine.steer(id, { kind: 'change', settings: { go: 1 }, reason: 'now' }, ann);
    expect((await play.ended(id)).status).toBe('completed');
    expect(seen).toEqual([{ go: 1 }]);
    expect(await play.events(id, 'settings-changed')).toMatchObject([{ actor: 'operator:ann' }]);
  });

  it('are noted once for one command id', async () => {
    const id = await play.start();
    const change = { kind: 'change', settings: { go: 1 }, reason: 'now' } as const;
    for (const _ of [1, 2]) await play.engine.steer(id, change, { ...ann, commandId: 'c1' });
    expect(await play.events(id, 'settings-changed')).toHaveLength(1);
  });
});

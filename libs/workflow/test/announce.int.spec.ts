import { startRedis, type TestRedis } from '../../../test/support/redis';
import type { WorkflowEvent } from '../src/events';
import { done } from '../src/outcome';
import type { Command, PhaseContext } from '../src/phase';
import { Playground, put, type World } from './playground';

const ann = { actor: 'operator:ann' };

let server: TestRedis;
let play: Playground;
beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => void (play = new Playground(server.url, server.url)));
afterEach(() => play.close());

const putting = (world: World, thing: string): Command<string> => ({
  target: 'world',
  action: `put ${thing}`,
  send: async (gate) => {
    gate();
    await world.put(thing);
    return thing;
  },
  record: (reply) => reply,
});

const announced = (
  context: PhaseContext,
  world: World,
  ...things: string[]
): Promise<(() => Promise<string>)[]> => context.announce(things.map((thing) => putting(world, thing)));

/** What the log tells of the commands of the phase beta. */
async function commandsOf(id: string): Promise<Pick<WorkflowEvent, 'type' | 'data'>[]> {
  const events = await play.events(id);
  const [from, till] = ['alpha', 'beta'].map((phase) =>
    events.findIndex((one) => one.type === 'phase-completed' && one.data.phase === phase),
  );
  return events.slice((from ?? 0) + 1, till).map(({ type, data }) => ({ type, data }));
}

describe('announced commands', () => {
  it('stand in the log together, behind their intent, before one of them is sent', async () => {
    let before: string[] = [];
    let replies: string[] = [];
    play.worker({
      beta: async (context, world) => {
        const [one, two] = await context.announce([putting(world, 'one'), putting(world, 'two')], {
          facts: { size: 2 },
          pointOfNoReturn: 'no way back',
          guard: { name: 'hold', expiresInMs: 5_000 },
        });
        before = (await play.events(context.workflowId)).slice(-6).map(({ type }) => type);
        replies = [(await two?.()) ?? '', (await one?.()) ?? ''];
        await context.releaseGuard();
        return done();
      },
    });
    const id = await play.start();
    await play.ended(id);
    expect(before).toEqual([
      'attempt-started',
      'fact-recorded',
      'guard-armed',
      'point-of-no-return-passed',
      'command-issued',
      'command-issued',
    ]);
    expect(replies).toEqual(['two', 'one']);
    expect(await play.world.sent()).toEqual(['put alpha', 'put two', 'put one', 'put gamma']);
    const [, , , , one, two, ...rest] = await commandsOf(id);
    expect([one, two]).toMatchObject([{ data: { action: 'put one' } }, { data: { action: 'put two' } }]);
    expect(rest.slice(0, 2)).toMatchObject([
      { type: 'command-replied', data: { command: commandId(two), reply: 'two' } },
      { type: 'command-replied', data: { command: commandId(one), reply: 'one' } },
    ]);
    expect(await play.engine.verify(id)).toBeNull();
  });

  it('are noted as not sent when the phase ends without them, and cannot be sent any more', async () => {
    let late: () => Promise<string> = () => Promise.reject(new Error('not announced'));
    play.worker({
      beta: async (context, world) => {
        const [one, two] = await announced(context, world, 'one', 'two');
        await one?.();
        if (two) late = two;
        return done();
      },
    });
    const id = await play.start();
    await play.ended(id);
    const [, , two, ...replies] = await commandsOf(id);
    expect(replies).toMatchObject([
      { data: { reply: 'one' } },
      { data: { command: commandId(two), problem: { code: 'not-sent' } } },
    ]);
    await expect(late()).rejects.toMatchObject({ code: 'command-spent' });
    expect(await play.world.sent()).not.toContain('put two');
  });

  it('are sent once', async () => {
    const codes: string[] = [];
    play.worker({
      beta: async (context, world) => {
        const [one] = await announced(context, world, 'one');
        await one?.();
        await one?.().catch((error: { code: string }) => codes.push(error.code));
        return done();
      },
    });
    const id = await play.start();
    await play.ended(id);
    expect(codes).toEqual(['command-spent']);
    expect(await play.world.sent()).toEqual(['put alpha', 'put one', 'put gamma']);
  });

  it('are sent though a cancel came that nobody has seen, and not once it was seen', async () => {
    play.worker({
      beta: async (context, world) => {
        const [one, two] = await announced(context, world, 'one', 'two');
        await play.engine.steer(context.workflowId, { kind: 'cancel', reason: 'enough' }, ann);
        await one?.();
        await context.refresh();
        await two?.();
        return done();
      },
    });
    const id = await play.start();
    expect((await play.ended(id)).status).toBe('cancelled');
    expect(await play.world.sent()).toEqual(['put alpha', 'put one', 'take beta', 'take alpha']);
    expect(await play.events(id, 'command-replied')).toContainEqual(
      expect.objectContaining({
        data: expect.objectContaining({ problem: expect.objectContaining({ code: 'not-sent' }) }),
      }),
    );
  });

  it('are not stored, also under a guard, where their intent says so and a cancel came that nobody has seen', async () => {
    play.worker({
      beta: async (context, world) => {
        await context.persist({ guard: { name: 'hold', expiresInMs: 5_000 } });
        await play.engine.steer(context.workflowId, { kind: 'cancel', reason: 'enough' }, ann);
        const intent = { pointOfNoReturn: 'no way back', unlessCancelled: true } as const;
        const announcing = context.announce([putting(world, 'one')], intent);
        await expect(announcing).rejects.toMatchObject({ code: 'attempt-interrupted' });
        await context.releaseGuard();
        return done();
      },
    });
    const id = await play.start();
    expect((await play.ended(id)).status).toBe('cancelled');
    expect(await play.world.sent()).toEqual(['put alpha', 'take gamma', 'take beta', 'take alpha']);
    expect(await play.events(id, 'point-of-no-return-passed')).toEqual([]);
  });

  it('are refused as one command is, after a cancel', async () => {
    play.worker({
      beta: async (context, world) => {
        await put(context, world);
        await play.engine.steer(context.workflowId, { kind: 'cancel', reason: 'enough' }, ann);
        for (const send of await announced(context, world, 'one', 'two')) await send();
        return done();
      },
    });
    const id = await play.start();
    expect((await play.ended(id)).status).toBe('cancelled');
    expect(await play.world.sent()).toEqual(['put alpha', 'put beta', 'take beta', 'take alpha']);
  });

  it('may be none: then only the intent is stored', async () => {
    play.worker({
      beta: async (context) => {
        expect(await context.announce([], { facts: { size: 0 } })).toEqual([]);
        return done();
      },
    });
    const id = await play.start();
    await play.ended(id);
    expect((await commandsOf(id)).map(({ type }) => type)).toEqual(['fact-recorded']);
  });
});

describe('commands that run side by side', () => {
  it('begin their attempt once', async () => {
    play.worker({
      beta: async (context, world) => {
        await Promise.all(['one', 'two', 'three'].map((thing) => context.command(putting(world, thing))));
        return done();
      },
    });
    const id = await play.start();
    await play.ended(id);
    expect((await commandsOf(id)).filter(({ type }) => type === 'attempt-started')).toHaveLength(1);
  });
});

function commandId(issued: Pick<WorkflowEvent, 'data'> | undefined): string {
  return issued && 'command' in issued.data ? issued.data.command : '';
}

import {
  armed,
  blockedAt,
  cancelled,
  completed,
  failedAt,
  given,
  problem,
  story,
  t0,
  waitedAt,
} from '../test/given';
import { draft } from './events';
import type { JsonObject } from './json';
import { fold, initialState, mustTurnBack } from './state';

describe('fold', () => {
  const start = (child: string) => draft('child-started', { child, workflow: 'toy' });
  const end = (child: string) => draft('child-ended', { child, status: 'completed' as const });
  const issued = draft('command-issued', { command: 'c', target: 'pika', action: 'addslots' });

  it('comes to the same in one step as in many', () => {
    const events = story(
      ...[
        start('a'),
        issued,
        end('b'),
        draft('fact-recorded', { facts: { x: 1, y: 1 } }),
        start('b'),
        issued,
      ],
      ...[completed('alpha'), draft('fact-recorded', { facts: { x: 2 } }), end('a'), start('c'), issued],
    );
    const inSteps = events.reduce((state, event) => fold(state, [event]), initialState('ty-1'));
    expect(fold(initialState('ty-1'), events)).toEqual(inSteps);
    expect(inSteps).toMatchObject({
      head: { version: 12 },
      facts: { x: 2, y: 1 },
      children: { a: 'completed', b: 'completed', c: 'open' },
    });
  });

  it('leaves the state alone that it began with', () => {
    const before = given(start('a'), draft('fact-recorded', { facts: { x: 1 } }));
    const copy = structuredClone(before);
    fold(
      before,
      story(start('a'), end('a'), start('b'), draft('fact-recorded', { facts: { x: 2 } })).slice(1),
    );
    expect(before).toEqual(copy);
  });

  it('takes the later of two settings, of an object each name for itself', () => {
    const change = (settings: JsonObject) => draft('settings-changed', { settings, reason: '' });
    const first = { inFlight: 4, masters: { '1': 'a:1' }, windows: ['01:00-02:00'] };
    const state = given(change(first), change({ masters: { '2': 'b:1' }, windows: [] }));
    expect(state.settings).toEqual({ inFlight: 4, masters: { '1': 'a:1', '2': 'b:1' }, windows: [] });
    expect(given(change(first), change({ masters: { '1': 'c:1' } })).settings.masters).toEqual({
      '1': 'c:1',
    });
  });

  it('begins with what the start says', () => {
    expect(given()).toMatchObject({
      head: { version: 1 },
      workflow: 'toy',
      phase: 'alpha',
      status: 'running',
      actor: 'operator:ann',
      startedAt: t0,
      enteredAt: t0,
      endedAt: null,
    });
  });

  it('keeps when each phase was entered and completed, with its result', () => {
    const state = given(draft('phase-completed', { phase: 'alpha', tookMs: 1, result: { a: 1 } }));
    expect(state.phaseRecords).toEqual({
      alpha: { enteredAt: t0, completedAt: t0 + 1_000, result: { a: 1 } },
      beta: { enteredAt: t0 + 1_000, completedAt: null },
    });
    expect(state.enteredAt).toBe(t0 + 1_000);
  });

  it('keeps the results of phases on the way back', () => {
    const state = given(
      draft('phase-completed', { phase: 'alpha', tookMs: 1, result: 5 }),
      cancelled,
      draft('undo-started', { phase: 'beta' }),
      draft('undo-completed', { phase: 'beta', tookMs: 1 }),
      draft('retry-requested', { reason: '' }),
    );
    expect(state.phaseRecords['alpha']).toMatchObject({ completedAt: t0 + 1_000, result: 5 });
  });

  it('lets later facts win and keeps the others', () => {
    const state = given(
      draft('fact-recorded', { facts: { a: 1, b: 1 } }),
      draft('fact-recorded', { facts: { b: 2 } }),
    );
    expect(state.facts).toEqual({ a: 1, b: 2 });
  });

  it('takes settings over, later values first, and makes its work due anew', () => {
    const change = (settings: { [name: string]: number }) =>
      draft('settings-changed', { settings, reason: 'the weather' });
    const before = given(waitedAt('alpha'));
    const state = given(waitedAt('alpha'), change({ a: 1, b: 1 }), change({ b: 2 }));
    expect(before.settings).toEqual({});
    expect(state).toMatchObject({ settings: { a: 1, b: 2 }, visit: state.head.version, dueAt: 0 });
    expect(state).toMatchObject({ waiting: before.waiting, enteredAt: before.enteredAt, facts: {} });
  });

  it.each([
    ['pause', draft('workflow-paused', { reason: '' }), { paused: true }],
    ['block', blockedAt('alpha'), { status: 'blocked' }],
    ['failure', failedAt('alpha'), { status: 'failed' }],
  ])('does not leave a %s for a change of settings', (_, stop, expected) => {
    expect(given(stop, draft('settings-changed', { settings: { a: 1 }, reason: '' }))).toMatchObject(
      expected,
    );
  });

  it('is at work again after an attempt that failed at a block', () => {
    const failure = draft('attempt-failed', { phase: 'alpha', problem, attempt: 1, retryAfterMs: 5 });
    expect(given(blockedAt('alpha', 5), failure)).toMatchObject({
      status: 'running',
      blocked: null,
      problem,
    });
  });

  it('tells why it waits, is blocked or failed, one at a time', () => {
    expect(given(waitedAt('alpha'))).toMatchObject({ status: 'running', waiting: { code: 'lag' } });
    expect(given(waitedAt('alpha'), blockedAt('alpha'))).toMatchObject({
      status: 'blocked',
      waiting: null,
      problem,
    });
    expect(given(blockedAt('alpha'), failedAt('alpha'))).toMatchObject({ status: 'failed', blocked: null });
    expect(given(blockedAt('alpha'), completed('alpha'))).toMatchObject({ status: 'running', problem: null });
  });

  it('does not open a child again that ended before its start was noted', () => {
    const ended = draft('child-ended', { child: 'c1', status: 'completed' });
    const started = draft('child-started', { child: 'c1', workflow: 'toy' });
    expect(given(ended, started).children).toEqual({ c1: 'completed' });
    expect(given(started, ended).children).toEqual({ c1: 'completed' });
  });

  it('ends', () => {
    expect(given(completed('alpha'), draft('workflow-completed', { tookMs: 1 }))).toMatchObject({
      status: 'completed',
      endedAt: t0 + 2_000,
    });
  });
});

describe('mustTurnBack', () => {
  it('is so for a cancel before the point of no return, once no guard is armed', () => {
    const committed = draft('point-of-no-return-passed', { phase: 'alpha', reason: 'detach' });
    const undoing = draft('undo-started', { phase: 'alpha' });
    expect(mustTurnBack(given())).toBe(false);
    expect(mustTurnBack(given(cancelled))).toBe(true);
    expect(mustTurnBack(given(committed, cancelled))).toBe(false);
    expect(mustTurnBack(given(armed, cancelled))).toBe(false);
    expect(mustTurnBack(given(cancelled, undoing))).toBe(false);
  });
});

import { armed, blockedAt, completed, given, paused, problem, story, t0, waitedAt } from '../test/given';
import { draft } from './events';
import { fold, initialState } from './state';
import { summarise, summaryText } from './summary';

describe('summarise', () => {
  it('tells where a workflow stands and which job should exist', () => {
    expect(summarise(given(completed('alpha')))).toMatchObject({
      id: 'ty-1',
      title: 'Play with ball',
      status: 'running',
      phase: 'beta',
      version: 2,
      startedBy: 'operator:ann',
      updatedAt: t0 + 1_000,
      job: { id: 'ty-1-beta-2', queue: 'toys', phase: 'beta', dueAt: 0 },
      guarded: false,
    });
  });

  it('tells why nothing moves', () => {
    expect(summarise(given(waitedAt('alpha'))).waiting).toEqual({ code: 'lag', message: 'The lag is high.' });
    expect(summarise(given(blockedAt('alpha')))).toMatchObject({
      status: 'blocked',
      problem,
      unblock: 'operator',
      job: null,
    });
    expect(summarise(given(paused))).toMatchObject({ status: 'paused', job: null });
    expect(summarise(given(blockedAt('alpha'), paused)).status).toBe('blocked');
    expect(summarise(given(armed)).guarded).toBe(true);
  });

  it('tells what it works on, also when its start did not say so yet', () => {
    expect(summarise(given()).touches).toEqual(['shelf:b']);
    const [started] = story();
    if (started?.type !== 'workflow-started') throw new Error('it began with something else');
    const { touches: _, ...data } = started.data;
    expect(summarise(fold(initialState('ty-1'), [{ ...started, data }])).touches).toEqual([]);
  });

  it('counts children by what became of them', () => {
    const start = (child: string) => draft('child-started', { child, workflow: 'toy' });
    const end = (child: string, status: 'completed' | 'cancelled') => draft('child-ended', { child, status });
    const state = given(start('a'), start('b'), start('c'), end('a', 'completed'), end('b', 'cancelled'));
    expect(summarise(state).children).toEqual({ open: 1, completed: 1, cancelled: 1 });
  });

  it('is the same as a text', () => {
    for (const state of [given(), given(waitedAt('alpha')), given(blockedAt('alpha'), paused)]) {
      expect(JSON.parse(summaryText(state))).toEqual(JSON.parse(JSON.stringify(summarise(state))));
    }
  });
});

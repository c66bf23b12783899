import {
  armed,
  blockedAt,
  cancelled,
  committed,
  completed,
  disarmed,
  failedAt,
  given,
  paused,
  problem,
  resumed,
  t0,
  waitedAt,
} from '../test/given';
import { draft, type DraftEvent } from './events';
import { initialState } from './state';
import { jobId, nextWork } from './work';

const id = (...drafts: DraftEvent[]): string | null => {
  const work = nextWork(given(...drafts));
  return work && jobId(work);
};
const retry = draft('retry-requested', { reason: '' });

describe('nextWork', () => {
  it('is nothing before the start and after the end', () => {
    expect(nextWork(initialState('ty-1'))).toBeNull();
    expect(id(draft('workflow-completed', { tookMs: 1 }))).toBeNull();
    expect(id(draft('workflow-cancelled', { tookMs: 1 }))).toBeNull();
  });

  it('is the first phase, then the one after each completed one', () => {
    expect(id()).toBe('ty-1-alpha-1');
    expect(id(completed('alpha'))).toBe('ty-1-beta-2');
    expect(id(completed('alpha'), completed('beta'))).toBe('ty-1-gamma-3');
  });

  it('stays the same job while the phase waits, checks a block again, or records what it does', () => {
    expect(id(waitedAt('alpha'))).toBe('ty-1-alpha-1');
    expect(id(blockedAt('alpha', 50))).toBe('ty-1-alpha-1');
    expect(id(draft('fact-recorded', { facts: { a: 1 } }), committed)).toBe('ty-1-alpha-1');
  });

  it('waits for an operator when blocked for good or failed', () => {
    expect(id(blockedAt('alpha'))).toBeNull();
    expect(id(failedAt('alpha'))).toBeNull();
    expect(id(blockedAt('alpha'), draft('approval-given', { code: 'no-luck', note: '' }))).toBe(
      'ty-1-alpha-3',
    );
    expect(id(failedAt('alpha'), retry)).toBe('ty-1-alpha-3');
  });

  it('rests while paused, and is a new job afterwards', () => {
    expect(id(paused)).toBeNull();
    expect(id(paused, resumed)).toBe('ty-1-alpha-3');
    expect(id(blockedAt('alpha'), paused, resumed)).toBeNull();
    expect(id(failedAt('alpha'), paused, retry)).toBeNull();
  });

  it('comes later after a failed attempt', () => {
    const failure = draft('attempt-failed', { phase: 'alpha', problem, attempt: 1, retryAfterMs: 500 });
    expect(nextWork(given(failure))).toMatchObject({ visit: 2, dueAt: t0 + 1_500 });
    expect(nextWork(given(blockedAt('alpha', 5), failure))).toMatchObject({ visit: 3 });
  });

  it('is a new job when a dead worker left it', () => {
    const abandoned = draft('attempt-abandoned', { phase: 'alpha', worker: 'w1', detectedBy: 'w2' });
    expect(id(abandoned)).toBe('ty-1-alpha-2');
  });

  it('never rests under an armed guard', () => {
    for (const stop of [paused, failedAt('alpha'), blockedAt('alpha')]) {
      expect(id(armed, stop)).toBe('ty-1-alpha-1');
      expect(id(armed, stop, disarmed)).toBeNull();
    }
  });

  it('leads a cancelled workflow back, whatever stopped it meanwhile', () => {
    expect(id(cancelled)).toBe('ty-1-alpha-2');
    expect(id(failedAt('alpha'), cancelled)).toBe('ty-1-alpha-3');
    expect(id(armed, cancelled, failedAt('alpha'), disarmed)).toBe('ty-1-alpha-3');
    expect(id(armed, cancelled, blockedAt('alpha'), disarmed)).toBe('ty-1-alpha-3');
    expect(id(cancelled, paused)).toBeNull();
    const undo = draft('undo-started', { phase: 'beta' });
    expect(id(completed('alpha'), cancelled, undo)).toBe('ty-1-undo-beta-4');
    expect(
      id(completed('alpha'), cancelled, undo, draft('undo-completed', { phase: 'beta', tookMs: 1 })),
    ).toBe('ty-1-undo-alpha-5');
  });

  it('goes forward after a cancel past the point of no return', () => {
    expect(nextWork(given(committed, failedAt('alpha'), cancelled))).toMatchObject({ direction: 'forward' });
  });

  it('wakes a parent for the end of a child', () => {
    const started = draft('child-started', { child: 'c1', workflow: 'toy' });
    const ended = draft('child-ended', { child: 'c1', status: 'completed' });
    expect(id(started)).toBe('ty-1-alpha-1');
    expect(id(started, ended)).toBe('ty-1-alpha-3');
  });
});

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
import { toy } from '../test/toy-workflow';
import { decideOutcome, decideStart, decideSteering, type Steering } from './decide';
import { defaultLimits } from './definition';
import { draft, type DraftEvent } from './events';
import { blocked, done, failed, wait } from './outcome';
import type { WorkflowState } from './state';

const limits = { ...defaultLimits, maxAttempts: 3, backoffMs: 100, deadlineMs: 60_000 };
const soon = t0 + 5_000;

const outcomes = (state: WorkflowState, outcome: Parameters<typeof decideOutcome>[1], now = soon) =>
  decideOutcome(state, outcome, limits, now);
const types = (drafts: DraftEvent[]): string[] => drafts.map(({ type }) => type);

describe('decideStart', () => {
  it('notes everything that a worker of another version needs', () => {
    expect(decideStart(toy, { name: 'ball' }, 'pa-1')).toEqual([
      draft('workflow-started', {
        workflow: 'toy',
        queue: 'toys',
        phases: ['alpha', 'beta', 'gamma'],
        input: { name: 'ball' },
        scope: 'playground',
        title: 'Play with ball',
        resources: ['toy:ball'],
        touches: ['shelf:b'],
        parent: 'pa-1',
      }),
    ]);
  });
});

describe('decideOutcome', () => {
  it('completes a phase, and with the last one the workflow', () => {
    expect(outcomes(given(), done(7))).toEqual([
      draft('phase-completed', { phase: 'alpha', tookMs: 5_000, result: 7 }),
    ]);
    expect(types(outcomes(given(completed('alpha'), completed('beta')), done()))).toEqual([
      'phase-completed',
      'workflow-completed',
    ]);
  });

  it('notes what is waited for once, and again when it is something else', () => {
    expect(outcomes(given(), wait('lag', 'The lag is high.', 10, 3))).toEqual([
      draft('phase-waited', { phase: 'alpha', code: 'lag', message: 'The lag is high.', progress: 3 }),
    ]);
    expect(outcomes(given(waitedAt('alpha')), wait('lag', 'Still.', 10))).toEqual([]);
    expect(types(outcomes(given(waitedAt('alpha')), wait('disk', 'Full.', 10)))).toEqual(['phase-waited']);
  });

  it('leaves a block when it waits again, even for the same thing', () => {
    const state = given(waitedAt('alpha'), blockedAt('alpha', 10));
    expect(types(outcomes(state, wait('lag', 'Again.', 10)))).toEqual(['phase-waited']);
  });

  it('blocks a phase that waits past its deadline, saying what it waited for', () => {
    const [event] = outcomes(given(), wait('lag', 'lag of 9 GB', 10), t0 + 60_001);
    expect(event).toMatchObject({
      type: 'phase-blocked',
      data: { recheckAfterMs: null, problem: { code: 'phase-overdue' } },
    });
    expect(JSON.stringify(event)).toContain('lag of 9 GB');
  });

  it.each([
    ['a retry', blockedAt('alpha'), draft('retry-requested', { reason: 'again' })],
    ['an approval', blockedAt('alpha'), draft('approval-given', { code: 'no-luck', note: 'fine' })],
    ['a pause', paused, resumed],
  ])('counts a deadline anew after %s', (_, stop, start) => {
    const state = given(stop, start);
    expect(types(outcomes(state, wait('lag', 'x', 1), t0 + 62_000))).toEqual(['phase-waited']);
    expect(types(outcomes(state, wait('lag', 'x', 1), t0 + 62_001))).toEqual(['phase-blocked']);
  });

  it('does not hold the time of a block that went away against the phase', () => {
    const state = given(blockedAt('alpha', 10));
    expect(types(outcomes(state, wait('lag', 'x', 1), t0 + 90_000))).toEqual(['phase-waited']);
  });

  it('knows no deadline on the way back', () => {
    const state = given(cancelled, draft('undo-started', { phase: 'alpha' }));
    expect(types(outcomes(state, wait('lag', 'x', 1), t0 + 90_000_000))).toEqual(['phase-waited']);
  });

  it('notes a block once', () => {
    expect(outcomes(given(), blocked(problem, 'operator', 50))).toEqual([
      draft('phase-blocked', { phase: 'alpha', problem, unblock: 'operator', recheckAfterMs: 50 }),
    ]);
    expect(outcomes(given(blockedAt('alpha', 50)), blocked(problem, 'operator', 50))).toEqual([]);
  });

  it('tries a failed phase again, later each time, until it counts as failed', () => {
    const once = outcomes(given(), failed(problem, true));
    expect(once).toEqual([
      draft('attempt-failed', { phase: 'alpha', problem, attempt: 1, retryAfterMs: 100 }),
    ]);
    const twice = outcomes(given(...once), failed(problem, true));
    expect(twice).toMatchObject([{ data: { attempt: 2, retryAfterMs: 200 } }]);
    expect(types(outcomes(given(...once, ...twice), failed(problem, true)))).toEqual(['phase-failed']);
  });

  it.each([
    ['a wait', waitedAt('alpha')],
    ['a block', blockedAt('alpha', 1)],
    ['a retry', draft('retry-requested', { reason: '' })],
    ['a cancel past the point of no return', cancelled],
  ])('counts failures from the beginning after %s', (_, event) => {
    const once = outcomes(given(), failed(problem, true));
    const state = given(committed, ...once, event);
    expect(outcomes(state, failed(problem, true))).toMatchObject([{ data: { attempt: 1 } }]);
  });

  it('does not try again what is useless to repeat', () => {
    expect(types(outcomes(given(), failed(problem, false)))).toEqual(['phase-failed']);
  });

  it.each([
    ['a wait', wait('lag', 'x', 1)],
    ['a block', blocked(problem, 'operator')],
    ['a failure', failed(problem, true)],
    ['a final failure', failed(problem, false)],
  ])('turns back on %s when a cancel has come in', (_, outcome) => {
    expect(types(outcomes(given(cancelled), outcome))).toEqual(['undo-started']);
    expect(types(outcomes(given(committed, cancelled), outcome))).not.toContain('undo-started');
    expect(types(outcomes(given(armed, cancelled), outcome))).not.toContain('undo-started');
    expect(types(outcomes(given(armed, cancelled, disarmed), outcome))).toEqual(['undo-started']);
  });

  it('undoes from the phase reached back to the first, then is cancelled', () => {
    let drafts = [completed('alpha'), cancelled, draft('undo-started', { phase: 'beta' })];
    const beta = outcomes(given(...drafts), done());
    expect(beta).toEqual([draft('undo-completed', { phase: 'beta', tookMs: 2_000 })]);
    drafts = [...drafts, ...beta];
    expect(given(...drafts)).toMatchObject({ phase: 'alpha', status: 'undoing' });
    expect(types(outcomes(given(...drafts), done()))).toEqual(['undo-completed', 'workflow-cancelled']);
  });

  it('stops on the way back when undoing fails for good', () => {
    const undoing = [cancelled, draft('undo-started', { phase: 'alpha' })];
    expect(types(outcomes(given(...undoing), failed(problem, false)))).toEqual(['phase-failed']);
    const again = given(...undoing, failedAt('alpha'), draft('retry-requested', { reason: '' }));
    expect(again).toMatchObject({ status: 'undoing', direction: 'undo' });
  });
});

describe('decideSteering', () => {
  const requests: Steering[] = [
    { kind: 'pause', reason: 'x' },
    { kind: 'resume' },
    { kind: 'cancel', reason: 'x' },
    { kind: 'retry', reason: 'x' },
    { kind: 'approve', code: 'no-luck', note: 'x' },
  ];
  const undoing = [cancelled, draft('undo-started', { phase: 'alpha' })];
  const answer = (state: WorkflowState, request: Steering): string => {
    try {
      return types(decideSteering(state, request)).join() || 'nothing';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it.each([
    [
      'running',
      [],
      ['workflow-paused', 'nothing', 'cancel-requested', 'steering-refused', 'steering-refused'],
    ],
    [
      'paused',
      [paused],
      ['nothing', 'workflow-resumed', 'cancel-requested', 'steering-refused', 'steering-refused'],
    ],
    [
      'waiting',
      [waitedAt('alpha')],
      ['workflow-paused', 'nothing', 'cancel-requested', 'steering-refused', 'steering-refused'],
    ],
    [
      'blocked',
      [blockedAt('alpha')],
      ['workflow-paused', 'nothing', 'cancel-requested', 'retry-requested', 'approval-given'],
    ],
    [
      'failed',
      [failedAt('alpha')],
      ['workflow-paused', 'nothing', 'cancel-requested', 'retry-requested', 'steering-refused'],
    ],
    ['undoing', undoing, ['workflow-paused', 'nothing', 'nothing', 'steering-refused', 'steering-refused']],
    [
      'failed on the way back',
      [...undoing, failedAt('alpha')],
      ['workflow-paused', 'nothing', 'nothing', 'retry-requested', 'steering-refused'],
    ],
    ['completed', [draft('workflow-completed', { tookMs: 1 })], Array<string>(5).fill('steering-refused')],
    ['cancelled', [draft('workflow-cancelled', { tookMs: 1 })], Array<string>(5).fill('steering-refused')],
  ])('%s: pause, resume, cancel, retry, approve', (_, drafts, expected) => {
    expect(requests.map((request) => answer(given(...drafts), request))).toEqual(expected);
  });

  it('refuses to approve another block than the one at hand', () => {
    expect(answer(given(blockedAt('alpha')), { kind: 'approve', code: 'other', note: '' })).toBe(
      'steering-refused',
    );
  });

  describe('asked to change settings', () => {
    const change: Steering = { kind: 'change', settings: { speed: 2 }, reason: 'too slow' };
    const changed = draft('settings-changed', { settings: { speed: 2 }, reason: 'too slow' });

    it.each([
      ['running', []],
      ['paused', [paused]],
      ['waiting', [waitedAt('alpha')]],
      ['blocked', [blockedAt('alpha')]],
      ['failed', [failedAt('alpha')]],
      ['undoing', undoing],
    ])('notes them, also while it is %s', (_, drafts) => {
      expect(decideSteering(given(...drafts), change)).toEqual([changed]);
    });

    it.each(['workflow-completed', 'workflow-cancelled'] as const)('refuses after %s', (type) => {
      expect(answer(given(draft(type, { tookMs: 1 })), change)).toBe('steering-refused');
    });
  });
});

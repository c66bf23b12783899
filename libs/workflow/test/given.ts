import { draft, type DraftEvent, type WorkflowEvent } from '../src/events';
import { decideStart } from '../src/decide';
import { genesisHash, seal } from '../src/hash-chain';
import { fold, initialState, type WorkflowState } from '../src/state';
import { toy } from './toy-workflow';

/** When the workflows of the specs begin. */
export const t0 = Date.parse('2026-01-01T00:00:00.000Z');
export const problem = { code: 'no-luck', message: 'It did not work.', remedy: 'Try again.' };

/** The sealed events of a toy workflow: its start, then `drafts`, one second apart. */
export function story(...drafts: DraftEvent[]): WorkflowEvent[] {
  const id = 'ty-1';
  const all = [...decideStart(toy, { name: 'ball' }), ...drafts];
  let head = { version: 0, hash: genesisHash(id) };
  return all.flatMap((one, second) => {
    const events = seal(id, head, [one], new Date(t0 + second * 1_000).toISOString(), 'operator:ann');
    const last = events[0];
    if (last) head = { version: last.version, hash: last.hash };
    return events;
  });
}

/** The state of a toy workflow after `drafts`. */
export function given(...drafts: DraftEvent[]): WorkflowState {
  return fold(initialState('ty-1'), story(...drafts));
}

export const completed = (phase: string): DraftEvent => draft('phase-completed', { phase, tookMs: 1 });
export const blockedAt = (phase: string, recheckAfterMs: number | null = null): DraftEvent =>
  draft('phase-blocked', { phase, problem, unblock: 'operator', recheckAfterMs });
export const failedAt = (phase: string): DraftEvent => draft('phase-failed', { phase, problem });
export const waitedAt = (phase: string, code = 'lag'): DraftEvent =>
  draft('phase-waited', { phase, code, message: 'The lag is high.' });
export const cancelled = draft('cancel-requested', { reason: 'changed my mind' });
export const paused = draft('workflow-paused', { reason: 'lunch' });
export const resumed = draft('workflow-resumed', {});
export const committed = draft('point-of-no-return-passed', { phase: 'alpha', reason: 'detach' });
export const armed = draft('guard-armed', { guard: 'hold', expiresInMs: 1_000 });
export const disarmed = draft('guard-released', { guard: 'hold' });

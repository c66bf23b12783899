import { completed, story, waitedAt } from '../test/given';
import type { WorkflowEvent } from './events';
import { verifyChain } from './hash-chain';

const events = story(waitedAt('alpha'), completed('alpha'), completed('beta'));
const without = (version: number): WorkflowEvent[] => events.filter((one) => one.version !== version);
const changed = (version: number, change: Partial<WorkflowEvent>): WorkflowEvent[] =>
  events.map((one) => (one.version === version ? ({ ...one, ...change } as WorkflowEvent) : one));

describe('verifyChain', () => {
  it('finds nothing wrong with a whole log', () => {
    expect(verifyChain('ty-1', events)).toBeNull();
    expect(verifyChain('ty-1', [])).toBeNull();
  });

  it('finds a missing event', () => {
    expect(verifyChain('ty-1', without(1))).toEqual({ version: 1, code: 'gap' });
    expect(verifyChain('ty-1', without(3))).toEqual({ version: 3, code: 'gap' });
  });

  it.each([
    ['time', { at: '2026-01-01T00:00:09.000Z' }],
    ['actor', { actor: 'operator:eve' }],
    ['type', { type: 'workflow-paused' }],
    ['data', { data: { phase: 'beta', tookMs: 1 } }],
    ['hash', { hash: 'f'.repeat(64) }],
  ])('finds a changed %s', (_, change) => {
    expect(verifyChain('ty-1', changed(3, change as Partial<WorkflowEvent>))).toEqual({
      version: 3,
      code: 'changed',
    });
  });

  it('finds a link that was bent', () => {
    expect(verifyChain('ty-1', changed(3, { prev: 'f'.repeat(64) }))).toEqual({
      version: 3,
      code: 'broken-link',
    });
  });

  it("does not take another workflow's log for this one's", () => {
    expect(verifyChain('ty-2', events)).toEqual({ version: 1, code: 'broken-link' });
  });
});

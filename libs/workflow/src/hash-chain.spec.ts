import { createHash } from 'node:crypto';
import { completed, story, waitedAt } from '../test/given';
import { draft, type WorkflowEvent } from './events';
import { genesisHash, seal, verifyChain } from './hash-chain';
import { canonicalJson, type Json } from './json';

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

describe('the hash of an event', () => {
  it('is that of the canonical JSON of all that it holds but the hash', () => {
    for (const { hash, ...content } of events) {
      const text = canonicalJson(content as unknown as Json);
      expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
    }
  });

  it('has not changed since the first log was written', () => {
    const head = { version: 0, hash: genesisHash('ty-1') };
    const data = { facts: { b: [1, { d: 'ü"', c: null }], a: undefined } };
    const [event] = seal(
      'ty-1',
      head,
      [draft('fact-recorded', data)],
      '2026-01-01T00:00:00.000Z',
      'worker:w',
    );
    expect(event?.hash).toBe('2f328f2236e7f29dbd57201e65cd555d254d330eb4ef1f938b69678ccab350ed');
  });
});

describe('seal', () => {
  it('leaves drafts their own time and actor', () => {
    const head = { version: 4, hash: 'h' };
    const own = { ...completed('alpha'), at: '2026-01-01T00:00:07.000Z', actor: 'child:c' };
    const sealed = seal('ty-1', head, [own, completed('beta')], '2026-01-01T00:00:09.000Z', 'worker:w');
    expect(sealed).toMatchObject([
      { version: 5, at: own.at, actor: 'child:c', prev: 'h' },
      { version: 6, at: '2026-01-01T00:00:09.000Z', actor: 'worker:w', prev: sealed[0]?.hash },
    ]);
  });
});

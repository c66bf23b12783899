import type { WorkerVote } from '@slotferry/cluster';
import { fairVotes, writerOf } from './fair-votes';

const vote = (worker: string, at: number, silences: readonly number[]): WorkerVote => ({
  worker,
  at,
  nodes: silences.map((silentMs, index) => ({
    node: `n${index}:1`,
    condition: silentMs > 0 ? 'hanging' : 'answering',
    silentMs,
    startedAt: null,
  })),
});

describe('votes', () => {
  it('are believed as they are while they are fresh', () => {
    const votes = [vote('a', 9_500, [0, 300])];
    expect(fairVotes(votes, 10_000)).toEqual(votes);
  });

  it('say no more about a silence when they get old', () => {
    const [fair] = fairVotes([vote('a', 8_000, [0, 300])], 10_000);
    expect(fair?.at).toBe(10_000);
    expect(fair?.nodes.map(({ silentMs }) => silentMs)).toEqual([0, 900]);
  });

  it('name the writer: the first who is not cut off, or else the first', () => {
    expect(writerOf([])).toBeNull();
    expect(writerOf([vote('b', 1, [0, 0]), vote('c', 1, [0, 0]), vote('a', 1, [0, 5, 5])])).toBe('b');
    expect(writerOf([vote('b', 1, [5]), vote('a', 1, [5])])).toBe('a');
  });
});

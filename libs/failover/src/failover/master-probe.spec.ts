import { type NodeCondition, type WorkerVote } from '@slotferry/cluster';
import { countVotes, othersMissIt, othersSeeIt } from './master-probe';

const node = '10.0.0.1:9221';
const vote = (worker: string, condition: NodeCondition, silentMs = 0, at = 1_000): WorkerVote => ({
  worker,
  at,
  nodes: [{ node, condition, silentMs, startedAt: null }],
});

describe('votes on a master', () => {
  it('are counted, and tell since when it is silent', () => {
    const votes = [vote('a', 'refused', 700, 900), vote('b', 'hanging', 900), vote('c', 'slow')];
    expect(countVotes(votes, node, 1_100)).toEqual({ answering: 1, silent: 2, silentMs: 1_000 });
    expect(countVotes(votes, '10.0.0.9:9221', 1_100)).toEqual({ answering: 0, silent: 0, silentMs: 0 });
  });

  it('for a master count only when they are younger than its silence, or as young as those of a worker that lives', () => {
    const ages = (silentMs: number, ...answers: number[]) =>
      countVotes(
        [
          vote('dead', 'refused', silentMs, 10_000),
          ...answers.map((age) => vote('a', 'answering', 0, 10_000 - age)),
        ],
        node,
        10_000,
      ).answering;
    expect(ages(1_000, 1_000, 1_400, 1_600, 3_000)).toBe(2);
    expect(ages(4_000, 1_000, 3_900, 4_100)).toBe(2);
    expect(countVotes([vote('a', 'answering', 0, 6_000)], node, 10_000).answering).toBe(1);
  });

  it('overrule this worker only when most of several see it', () => {
    const seen = (answering: number, silent: number) => othersSeeIt({ answering, silent, silentMs: 0 });
    expect(seen(2, 1)).toBe(true);
    expect(seen(1, 0)).toBe(false);
    expect(seen(2, 2)).toBe(false);
    expect(seen(0, 3)).toBe(false);
  });

  it('overrule an answer that this worker got only when most got none', () => {
    const missed = (answering: number, silent: number) => othersMissIt({ answering, silent, silentMs: 900 });
    expect(missed(1, 2)).toBe(true);
    expect(missed(1, 1)).toBe(false);
    expect(missed(0, 0)).toBe(false);
  });
});

import { entry } from '../../test/board';
import { fullPace } from './pace';
import { progressOf } from './progress';

const board = [
  entry(0, 'moved'),
  entry(1, 'moved'),
  entry(2, 'moving'),
  entry(3, 'waiting'),
  entry(4, 'waiting'),
  entry(5, 'stuck'),
  entry(6, 'skipped'),
];
const progress = (heldMs: readonly number[], seconds: number) =>
  progressOf(board, { by: 'in-flight', opensAt: null }, fullPace, heldMs, 0, seconds * 1_000);

describe('the progress of a rebalance', () => {
  it('counts, and tells rate and time left from what was moved so far', () => {
    expect(progress([40, 60], 4)).toEqual({
      total: 7,
      moved: 2,
      moving: 1,
      waiting: 2,
      stuck: 1,
      skipped: 1,
      boundBy: 'in-flight',
      pace: 1,
      paceBecause: fullPace.why,
      opensAt: null,
      ratePerSecond: 0.5,
      etaSeconds: 6,
      held: { median: 60, p99: 60, max: 60 },
    });
  });

  it('promises nothing before the first move has ended', () => {
    expect(progress([], 10)).toMatchObject({ ratePerSecond: null, etaSeconds: null, held: null });
    expect(progress([5], 0)).toMatchObject({ ratePerSecond: null, etaSeconds: null });
  });

  it('sums up how long clients were held, in any order', () => {
    const times = Array.from({ length: 200 }, (_, index) => (index * 77) % 200);
    expect(progress(times, 1).held).toEqual({ median: 100, p99: 198, max: 199 });
  });
});

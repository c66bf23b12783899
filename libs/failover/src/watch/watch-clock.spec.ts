import { WatchClock } from './watch-clock';

describe('the time a worker has lived through', () => {
  it('passes as usual, and stands still while the worker does', () => {
    let real = 1_000;
    const clock = new WatchClock({ monotonicMs: () => real });
    const start = clock.now();
    for (let step = 0; step < 10; step += 1) {
      clock.now();
      real += 100;
    }
    expect(clock.now() - start).toBe(1_000);
    real += 60_000;
    expect(clock.now() - start).toBe(1_000);
    expect(clock.missedMs).toBe(60_000);
    real += 20;
    expect(clock.now() - start).toBe(1_020);
  });
});

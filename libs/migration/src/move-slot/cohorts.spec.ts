import { Cohorts } from './cohorts';

describe('cohorts of moves', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** So many that begin and do not end; `begun` counts those whose work has begun. */
  const start = (cohorts: Cohorts, count: number): { begun: number } => {
    const seen = { begun: 0 };
    for (let one = 0; one < count; one += 1) {
      void cohorts.run(() => {
        seen.begun += 1;
        return new Promise<never>(() => undefined);
      });
    }
    return seen;
  };

  it('are not waited for where few are at work', () => {
    const seen = start(new Cohorts(), 8);
    expect(seen.begun).toBe(8);
  });

  it('begin in the same moment where many are', async () => {
    const cohorts = new Cohorts();
    start(cohorts, 8);
    const early = start(cohorts, 3);
    await jest.advanceTimersByTimeAsync(15);
    const late = start(cohorts, 2);
    expect([early.begun, late.begun]).toEqual([0, 0]);
    await jest.advanceTimersByTimeAsync(5);
    expect([early.begun, late.begun]).toEqual([3, 2]);
  });

  it('count no one who has ended, also by an error', async () => {
    const cohorts = new Cohorts();
    for (let one = 0; one < 20; one += 1)
      await expect(cohorts.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(start(cohorts, 8).begun).toBe(8);
  });
});

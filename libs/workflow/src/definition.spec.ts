import { toy } from '../test/toy-workflow';
import { backoff, defaultLimits, limitsOf } from './definition';

describe('limitsOf', () => {
  it('fills in what a definition leaves open', () => {
    expect(limitsOf(toy, 'beta')).toEqual({
      deadlineMs: 60_000,
      maxAttempts: 3,
      backoffMs: 20,
      backoffMaxMs: 50,
    });
    expect(limitsOf({ ...toy, limits: undefined }, 'beta')).toEqual(defaultLimits);
  });
});

describe('backoff', () => {
  it('doubles up to its limit', () => {
    const limits = { ...defaultLimits, backoffMs: 100, backoffMaxMs: 500 };
    expect([1, 2, 3, 4, 2_000].map((failures) => backoff(limits, failures))).toEqual([
      100, 200, 400, 500, 500,
    ]);
  });
});

import fc from 'fast-check';
import { defaultRebalanceLimits, limitRanges, withChanges } from './limits';

describe('limits', () => {
  it('stay where operators change nothing', () => {
    expect(withChanges(defaultRebalanceLimits, {})).toEqual(defaultRebalanceLimits);
    const changed = withChanges(defaultRebalanceLimits, { inFlight: 3, unknown: 9, perSource: 'many' });
    expect(changed).toEqual({ ...defaultRebalanceLimits, inFlight: 3 });
  });

  it('take windows as they are set last, also none', () => {
    const night = withChanges(defaultRebalanceLimits, { windows: ['01:00-06:00'] });
    expect(night.windows).toEqual(['01:00-06:00']);
    expect(withChanges(night, { inFlight: 2 }).windows).toEqual(['01:00-06:00']);
    expect(withChanges(night, { windows: [] }).windows).toEqual([]);
    expect(withChanges(night, { windows: 'always' }).windows).toEqual(['01:00-06:00']);
  });

  it('are what was set last', () => {
    const change = fc.record(
      { inFlight: fc.integer(), perSource: fc.integer(), perTarget: fc.integer(), maxFailed: fc.integer() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(change, change, (one, two) => {
        expect(withChanges(withChanges(defaultRebalanceLimits, one), two)).toEqual({
          ...defaultRebalanceLimits,
          ...one,
          ...two,
        });
      }),
    );
  });

  it('are in their ranges to begin with, and never so small that nothing could move', () => {
    for (const [name, [least, most]] of Object.entries(limitRanges)) {
      const value = defaultRebalanceLimits[name as keyof typeof limitRanges];
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(most);
      expect(least).toBeGreaterThanOrEqual(name === 'maxFailed' ? 0 : 1);
    }
  });
});

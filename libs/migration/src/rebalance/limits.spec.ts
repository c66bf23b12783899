import fc from 'fast-check';
import { defaultRebalanceLimits, firstProblem, limitRanges, slotsFirst, withChanges } from './limits';

describe('limits', () => {
  it('stay where operators change nothing', () => {
    expect(withChanges(defaultRebalanceLimits, {})).toEqual(defaultRebalanceLimits);
    const changed = withChanges(defaultRebalanceLimits, { inFlight: 3, unknown: 9, perSource: 'many' });
    expect(changed).toEqual({ ...defaultRebalanceLimits, inFlight: 3 });
  });

  it('tell copies from moves: either can be changed without the other', () => {
    const gentle = withChanges(defaultRebalanceLimits, { copiesPerSource: 1, copiesPerTarget: 2 });
    expect(gentle).toEqual({ ...defaultRebalanceLimits, copiesPerSource: 1, copiesPerTarget: 2 });
    expect(withChanges(gentle, { perSource: 9, perTarget: 9 })).toEqual({
      ...gentle,
      perSource: 9,
      perTarget: 9,
    });
  });

  it('take windows as they are set last, also none', () => {
    const night = withChanges(defaultRebalanceLimits, { windows: ['01:00-06:00'] });
    expect(night.windows).toEqual(['01:00-06:00']);
    expect(withChanges(night, { inFlight: 2 }).windows).toEqual(['01:00-06:00']);
    expect(withChanges(night, { windows: [] }).windows).toEqual([]);
    expect(withChanges(night, { windows: 'always' }).windows).toEqual(['01:00-06:00']);
  });

  it('take the slots that go first as they are set last, also none', () => {
    const some = withChanges(defaultRebalanceLimits, { first: '10-20' });
    expect(some.first).toBe('10-20');
    expect(withChanges(some, { inFlight: 2 }).first).toBe('10-20');
    expect(withChanges(some, { first: '1/3' }).first).toBe('1/3');
    expect(withChanges(some, { first: '' }).first).toBe('');
    for (const first of [null, 7, 'no slots']) expect(withChanges(some, { first }).first).toBe('10-20');
  });

  it('tell of a slot whether it goes first', () => {
    const goesFirst = slotsFirst({ ...defaultRebalanceLimits, first: '1/3-4' });
    const slots = [3, 5].flatMap((slot) => [0, 1].map((table) => ({ table, slot })));
    expect(slots.filter(goesFirst)).toEqual([{ table: 1, slot: 3 }]);
    expect(slots.filter(slotsFirst(defaultRebalanceLimits))).toEqual([]);
  });

  it.each([
    ['', null],
    ['10-20,30', null],
    ['1/10-20', null],
    ['20-10', 'The range 20-10 runs backwards. Write the smaller slot first: 10-20.'],
    ['some', '"some" is not a slot or a range of slots. Write slots'],
  ])('%j as what goes first: %s', (text, problem) => {
    if (problem === null) expect(firstProblem(text)).toBeNull();
    else expect(firstProblem(text)).toContain(problem);
  });

  it('are what was set last', () => {
    const change = fc.record(
      {
        inFlight: fc.integer(),
        perSource: fc.integer(),
        perTarget: fc.integer(),
        copiesPerSource: fc.integer(),
        copiesPerTarget: fc.integer(),
        maxFailed: fc.integer(),
      },
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

  it('allow no more copies to begin with than moves', () => {
    const { perSource, perTarget, copiesPerSource, copiesPerTarget } = defaultRebalanceLimits;
    expect(copiesPerSource).toBeLessThan(perSource);
    expect(copiesPerTarget).toBeLessThan(perTarget);
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

import { type StoredPlan } from '@slotferry/migration';
import { showLimits, showPlan } from './plan';

const limits = {
  inFlight: 64,
  perSource: 64,
  perTarget: 64,
  copiesPerSource: 4,
  copiesPerTarget: 8,
  maxFailed: 10,
};
const plan: StoredPlan = {
  id: 'pl-1',
  cluster: 'lab',
  goal: { kind: 'even' },
  moves: [{ table: 0, from: 1, to: 3, slots: '4-5' }],
  count: 2,
  groups: [
    { group: 1, before: 6, after: 4 },
    { group: 3, before: 0, after: 2 },
  ],
  estimate: { fastest: 3, slowest: 5 },
  boundBy: 'group 3 takes 2 slots',
  limits,
  masters: {},
  topologyHash: 't',
  hash: 'h',
  createdAt: '2026-11-22T10:00:00.000Z',
  createdBy: 'operator:admin',
  expiresAt: '2026-11-23T10:00:00.000Z',
};
const sized: StoredPlan['groups'] = [
  { group: 1, before: 6, after: 4, size: { before: 1_572_864, after: 1_048_576 } },
  { group: 3, before: 0, after: 2, size: { before: 0, after: 524_288 } },
];

describe('a plan in print', () => {
  it('by number tells of slots alone', () => {
    const text = showPlan(plan);
    expect(text).toMatch(/^GROUP +SLOTS +AFTER +CHANGE\n1 +6 +4 +-2\n3 +0 +2 +\+2\n\nFROM/m);
    expect(text).not.toMatch(/SIZE|WRITTEN|first/);
  });

  it('by what was written tells of bytes, too', () => {
    const text = showPlan({
      ...plan,
      goal: { kind: 'even-by-size', measure: 'written', tolerance: 0.05 },
      groups: sized,
    });
    expect(text).toMatch(/^GROUP +WRITTEN +AFTER\n1 +1\.5 MiB +1\.0 MiB\n3 +0 B +512\.0 KiB$/m);
    expect(text).toMatch(/^evened out by what was written .* not what is stored, within 5 %$/m);
  });

  it('by sizes that were given tells of these as they are', () => {
    const text = showPlan({
      ...plan,
      goal: { kind: 'even-by-size', measure: 'given', tolerance: 0.025, table: 1 },
      groups: sized,
    });
    expect(text).toMatch(/^GROUP +SIZE +AFTER\n1 +1572864 +1048576$/m);
    expect(text).toContain('evened out by the sizes that were given, of table 1, within 2.5 %');
  });

  it.each([
    ['4-9', 'of slots 4-9, which go first, 2 move'],
    ['4', 'of slots 4, which go first, 1 moves'],
    ['1/4', 'of slots 1/4, which go first, none moves'],
  ])('tells how many of slots %s move', (first, line) => {
    expect(showPlan({ ...plan, limits: { ...limits, first } })).toContain(`slots ${first} first\n${line}`);
  });

  it('tells full copies from moves among the limits', () => {
    const text = showPlan({ ...plan, limits: { ...limits, perSource: 32, copiesPerTarget: 6 } });
    expect(text).toMatch(
      /^limits: 64 in flight, 32 per source, 64 per target, full copies 4 per source, 6 per target, at most 10 stuck$/m,
    );
  });

  it('names windows and what goes first among the limits, where there are any', () => {
    expect(showLimits({ ...limits, windows: [], first: '' })).toMatch(/at most 10 stuck$/);
    expect(showLimits({ ...limits, windows: ['01:00-06:00'], first: '3' })).toMatch(
      /stuck, only 01:00-06:00 UTC, slots 3 first$/,
    );
  });
});

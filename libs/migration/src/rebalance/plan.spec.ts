import fc from 'fast-check';
import { viewOf } from '../../test/view';
import { expandMoves } from './compact-moves';
import { defaultRebalanceLimits } from './limits';
import { makePlan } from './plan';

const even = { kind: 'even' } as const;
const plan = (view: ReturnType<typeof viewOf>) => makePlan('lab', even, view, defaultRebalanceLimits);
const owners = fc.array(fc.constantFrom(1, 2, 3, null), { minLength: 1, maxLength: 60 });

describe('a plan', () => {
  it('tells what moves, and what each group owns before and after', () => {
    const made = plan(viewOf([1, 1, 1, 2, 2, 2, null]));
    expect(made).toMatchObject({
      cluster: 'lab',
      goal: even,
      count: 2,
      groups: [
        { group: 1, before: 3, after: 2 },
        { group: 2, before: 3, after: 2 },
        { group: 3, before: 0, after: 2 },
      ],
      limits: defaultRebalanceLimits,
    });
    expect(expandMoves(made.moves)).toHaveLength(2);
    expect(made.boundBy).toBe('group 3 takes 2 slots; each of its nodes creates or gives up one at a time');
  });

  it('names the source where that has most to do', () => {
    const moved = makePlan('lab', { kind: 'drain', group: 1 }, viewOf([1, 1, 1, 1]), defaultRebalanceLimits);
    expect(moved.boundBy).toMatch(/^group 1 gives 4 slots/);
  });

  it('says so when nothing has to move', () => {
    expect(plan(viewOf([1, 2, 3]))).toMatchObject({
      count: 0,
      moves: [],
      boundBy: 'nothing has to move',
      estimate: { fastest: 0, slowest: 0 },
    });
  });

  it('estimates more time for more slots', () => {
    const times = [6, 60, 600].map((slots) => plan(viewOf(Array<number>(slots).fill(1))).estimate);
    for (const { fastest, slowest } of times) expect(fastest).toBeLessThan(slowest);
    const slow = times.map(({ slowest }) => slowest);
    expect([...slow].sort((a, b) => a - b)).toEqual(slow);
    expect(new Set(slow).size).toBe(3);
  });

  it('is the same every time, and keeps every slot owned', () => {
    fc.assert(
      fc.property(owners, (list) => {
        const made = plan(viewOf(list));
        expect(plan(viewOf([...list]))).toEqual(made);
        const sum = (of: 'before' | 'after') => made.groups.reduce((all, one) => all + one[of], 0);
        expect([sum('before'), sum('after')]).toEqual(
          Array(2).fill(list.filter((one) => one !== null).length),
        );
      }),
    );
  });

  it('tells the size of each group where it goes by size, and only there', () => {
    const bySize = { kind: 'even-by-size', measure: 'given', tolerance: 0.05 } as const;
    const view = viewOf([1, 1, 1, 2, 2, null]);
    const sizes = new Map([30, 30, 30, 0, 0].map((size, slot) => [`0/${slot}`, size]));
    const made = makePlan('lab', bySize, view, defaultRebalanceLimits, sizes);
    expect(made.groups).toEqual([
      { group: 1, before: 3, after: 1, size: { before: 90, after: 30 } },
      { group: 2, before: 2, after: 3, size: { before: 0, after: 30 } },
      { group: 3, before: 0, after: 1, size: { before: 0, after: 30 } },
    ]);
    expect(made.goal).toEqual(bySize);
    expect(plan(view).groups[0]).not.toHaveProperty('size');
    expect(() => makePlan('lab', bySize, view, defaultRebalanceLimits)).toThrow(/no size for slots 0-4/);
  });

  it('by size has the hash of what it moves: other sizes that move the same are the same plan to approve', () => {
    const bySize = { kind: 'even-by-size', measure: 'written', tolerance: 0.05 } as const;
    const hashFor = (...list: number[]): string => {
      const sizes = new Map(list.map((size, slot) => [`0/${slot}`, size]));
      return makePlan('lab', bySize, viewOf([1, 1, 1]), defaultRebalanceLimits, sizes).hash;
    };
    expect(hashFor(5, 5, 5)).toBe(hashFor(7, 7, 7));
    expect(hashFor(1, 1, 9)).not.toBe(hashFor(5, 5, 5));
  });

  it('has another hash for another owner or another master, not for another replica or limit', () => {
    const made = plan(viewOf([1, 1, 2, 2]));
    const otherOwner = plan(viewOf([1, 2, 1, 2]));
    const otherMaster = plan(viewOf([1, 1, 2, 2], [['b:1', 'a:1'], ['c:1', 'd:1'], ['e:1']]));
    const otherReplica = plan(viewOf([1, 1, 2, 2], [['a:1', 'z:1'], ['c:1', 'd:1'], ['e:1']]));
    const otherGoal = makePlan(
      'lab',
      { kind: 'drain', group: 1 },
      viewOf([1, 1, 2, 2]),
      defaultRebalanceLimits,
    );
    const limits = { ...defaultRebalanceLimits, inFlight: 1 };
    expect(new Set([made, otherOwner, otherMaster].map(({ topologyHash }) => topologyHash)).size).toBe(3);
    expect(new Set([made, otherOwner, otherMaster, otherGoal].map(({ hash }) => hash)).size).toBe(4);
    expect(otherReplica.hash).toBe(made.hash);
    expect(otherGoal.topologyHash).toBe(made.topologyHash);
    expect(makePlan('lab', even, viewOf([1, 1, 2, 2]), limits).hash).toBe(made.hash);
  });
});

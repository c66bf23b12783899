import fc from 'fast-check';
import { countByGroup, evenOutByCount } from './even-out';
import { planMoves, PlanError } from './rebalance-goal';
import { applyMoves, invertMoves, keyOf, type Ownership } from './slot-move';

const ownership = (groups: number): fc.Arbitrary<Ownership[]> =>
  fc
    .array(fc.integer({ min: 1, max: groups }), { minLength: 1, maxLength: 200 })
    .map((owners) => owners.map((group, slot) => ({ table: 0, slot, group })));
const weights = fc
  .array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 6 })
  .filter((list) => list.some((weight) => weight > 0))
  .map((list) => new Map(list.map((weight, index) => [index + 1, weight])));
const cluster = weights.chain((map) => ownership(map.size).map((owned) => ({ weights: map, owned })));

describe('evening out by count', () => {
  it('gives a third group its share of 1,024 slots with the fewest moves', () => {
    const owned = Array.from({ length: 1024 }, (_, slot) => ({ table: 0, slot, group: slot < 512 ? 1 : 2 }));
    const moves = planMoves({ kind: 'even' }, owned, [1, 2, 3]);
    expect(moves).toHaveLength(341);
    expect(countByGroup(applyMoves(owned, moves))).toEqual(
      new Map([
        [1, 342],
        [2, 341],
        [3, 341],
      ]),
    );
  });

  it('ends with every group at its weighted share, rounded down or up', () => {
    fc.assert(
      fc.property(cluster, ({ weights, owned }) => {
        const after = countByGroup(applyMoves(owned, evenOutByCount(owned, weights)));
        const sum = [...weights.values()].reduce((all, weight) => all + weight, 0);
        for (const [group, weight] of weights) {
          const ideal = (owned.length * weight) / sum;
          expect(Math.abs((after.get(group) ?? 0) - ideal)).toBeLessThan(1);
        }
      }),
    );
  });

  it('moves no slot more than must leave: every move leaves a group above its share for one below it', () => {
    fc.assert(
      fc.property(cluster, ({ weights, owned }) => {
        const moves = evenOutByCount(owned, weights);
        const after = countByGroup(applyMoves(owned, moves));
        const before = countByGroup(owned);
        const leaving = [...before].reduce(
          (sum, [group, count]) => sum + Math.max(0, count - (after.get(group) ?? 0)),
          0,
        );
        expect(moves).toHaveLength(leaving);
        expect(new Set(moves.map(keyOf)).size).toBe(moves.length);
      }),
    );
  });

  it('planned again half-way through gives exactly what is left', () => {
    fc.assert(
      fc.property(cluster, fc.array(fc.boolean(), { maxLength: 200 }), ({ weights, owned }, done) => {
        const moves = evenOutByCount(owned, weights);
        const [made, left] = [moves.filter((_, at) => done[at]), moves.filter((_, at) => !done[at])];
        expect(evenOutByCount(applyMoves(owned, made), weights)).toEqual(left);
      }),
    );
  });
});

describe('other goals', () => {
  const owned = [1, 1, 1, 2, 2, 3].map((group, slot) => ({ table: 0, slot, group }));

  it('drains a group into the emptiest others and moves nothing else', () => {
    expect(planMoves({ kind: 'drain', group: 1 }, owned, [1, 2, 3])).toEqual([
      { table: 0, slot: 0, from: 1, to: 3 },
      { table: 0, slot: 1, from: 1, to: 2 },
      { table: 0, slot: 2, from: 1, to: 3 },
    ]);
  });

  it('moves a list, leaving out what is there already', () => {
    const slots = [0, 3].map((slot) => ({ table: 0, slot }));
    expect(planMoves({ kind: 'slots', slots, to: 2 }, owned, [1, 2, 3])).toEqual([
      { table: 0, slot: 0, from: 1, to: 2 },
    ]);
  });

  it('undoes what still stands: a plan and its undo leave everything where it was', () => {
    fc.assert(
      fc.property(cluster, ({ weights, owned: before }) => {
        const moves = evenOutByCount(before, weights);
        const after = applyMoves(before, moves);
        const back = planMoves({ kind: 'undo', moves }, after, [...weights.keys()]);
        expect(applyMoves(after, back)).toEqual(before);
        expect(invertMoves(invertMoves(moves))).toEqual(moves);
      }),
    );
  });

  it('refuses groups and slots it does not know, and weights that leave no receiver', () => {
    expect(() => planMoves({ kind: 'drain', group: 9 }, owned, [1, 2, 3])).toThrow(PlanError);
    expect(() => planMoves({ kind: 'slots', slots: [{ table: 0, slot: 77 }], to: 2 }, owned, [1, 2])).toThrow(
      /77/,
    );
    expect(() => planMoves({ kind: 'even', weights: { 1: 0, 2: 0 } }, owned, [1, 2])).toThrow(/weight 0/);
    expect(() => planMoves({ kind: 'drain', group: 1 }, owned, [1])).toThrow(/No other group/);
  });
});

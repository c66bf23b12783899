import fc from 'fast-check';
import { countByGroup, evenOutByCount } from './even-out';
import { evenOutBySize, sizeByGroup } from './even-out-by-size';
import { planMoves, PlanError, type RebalanceGoal } from './rebalance-goal';
import { applyMoves, keyOf, type Ownership, type SlotMove } from './slot-move';

interface Cluster {
  readonly weights: ReadonlyMap<number, number>;
  readonly owned: readonly Ownership[];
  readonly sizes: ReadonlyMap<string, number>;
}

const tolerance = 0.05;

/** Slots 0, 1, 2 and so on with their owners and sizes; every group counts alike. */
function clusterOf(slots: readonly (readonly [group: number, size: number])[], groups = 3): Cluster {
  const owned = slots.map(([group], slot) => ({ table: 0, slot, group }));
  return {
    weights: new Map(Array.from({ length: groups }, (_, index) => [index + 1, 1])),
    owned,
    sizes: new Map(owned.map((one, index) => [keyOf(one), slots[index]?.[1] ?? 0])),
  };
}

const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const evenOut = ({ owned, weights, sizes }: Cluster, within = tolerance): SlotMove[] =>
  evenOutBySize(owned, weights, sizes, within);
const after = (cluster: Cluster, moves = evenOut(cluster)): Cluster => ({
  ...cluster,
  owned: applyMoves(cluster.owned, moves),
});
const loadsOf = ({ owned, sizes, weights }: Cluster): number[] =>
  [...weights.keys()].map((group) => sizeByGroup(owned, sizes).get(group) ?? 0);

/** Size for each unit of weight of the groups that have one. */
function fillsOf({ owned, sizes, weights }: Cluster): { group: number; fill: number; weight: number }[] {
  const loads = sizeByGroup(owned, sizes);
  return [...weights]
    .filter(([, weight]) => weight > 0)
    .map(([group, weight]) => ({ group, weight, fill: (loads.get(group) ?? 0) / weight }));
}

function meanOf({ sizes, weights }: Cluster): number {
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0);
  return sum(sizes.values()) / sum(weights.values());
}

/** The largest distance of a group from its share, as a part of it. */
const offBy = (cluster: Cluster): number =>
  Math.max(...fillsOf(cluster).map(({ fill }) => Math.abs(fill - meanOf(cluster)))) / meanOf(cluster);
const spread = (cluster: Cluster): number => {
  const fills = fillsOf(cluster).map(({ fill }) => fill);
  return Math.max(...fills) - Math.min(...fills);
};

/** A cluster of up to six groups, some of weight 0, whose slots have sizes of the given kind. */
function clusters(size: fc.Arbitrary<number>, weight = { min: 0, max: 5 }, slots = { min: 1, max: 200 }) {
  return fc
    .array(fc.integer(weight), { minLength: 2, maxLength: 6 })
    .filter((list) => list.some((one) => one > 0))
    .chain((weights) =>
      fc
        .array(fc.tuple(fc.integer({ min: 1, max: weights.length }), size), {
          minLength: slots.min,
          maxLength: slots.max,
        })
        .map((list): Cluster => ({
          ...clusterOf(list),
          weights: new Map(weights.map((one, index) => [index + 1, one])),
        })),
    );
}
/** Every slot is small beside what a group may be off by. */
const fine = clusters(fc.integer({ min: 1, max: 4 }), { min: 1, max: 2 }, { min: 400, max: 500 }).filter(
  (cluster) => 4 < tolerance * meanOf(cluster),
);
const anyCluster = clusters(fc.integer({ min: 0, max: 1_000 }));
/** One slot in ten is far larger than the others. */
const lopsided = clusters(
  fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 20 }) }, fc.integer({ min: 500, max: 20_000 })),
);

describe('evening out by size', () => {
  it('fills a new group, though no single slot makes much of a difference', () => {
    const cluster = clusterOf([...repeat(512, [1, 1] as const), ...repeat(512, [2, 1] as const)]);
    const moves = evenOut(cluster);
    expect(offBy(after(cluster))).toBeLessThanOrEqual(tolerance);
    // A third of all slots would make it exact; the tolerance saves some of them.
    expect(moves.length).toBeLessThanOrEqual(341);
    expect(moves.every(({ to }) => to === 3)).toBe(true);
  });

  it('moves a large slot and not many small ones, to where it is missing', () => {
    const cluster = clusterOf([
      ...repeat(10, [1, 10] as const),
      [1, 50],
      ...repeat(10, [2, 10] as const),
      [2, 50],
    ]);
    expect(evenOut(cluster)).toEqual([
      { table: 0, slot: 10, from: 1, to: 3 },
      { table: 0, slot: 21, from: 2, to: 3 },
    ]);
    expect(loadsOf(after(cluster))).toEqual([100, 100, 100]);
  });

  it('evens out the others around a slot that is larger than a share', () => {
    const cluster = clusterOf([[1, 1_000], ...repeat(100, [2, 5] as const)]);
    const then = after(cluster);
    const [giant, ...others] = loadsOf(then);
    expect(giant).toBe(1_000);
    for (const load of others) expect(Math.abs(load - 250)).toBeLessThanOrEqual(5);
    expect(evenOut(then)).toEqual([]);
  });

  it('leaves alone what is even within the tolerance, and what has no size', () => {
    expect(
      evenOut(
        clusterOf([
          [1, 104],
          [2, 100],
          [3, 96],
        ]),
      ),
    ).toEqual([]);
    expect(
      evenOut(
        clusterOf([
          [1, 0],
          [1, 0],
          [2, 0],
        ]),
      ),
    ).toEqual([]);
    expect(evenOut(clusterOf([]))).toEqual([]);
  });

  it('spreads what a group of weight 0 gives away, also slots of no size', () => {
    const cluster = {
      ...clusterOf(repeat(9, [1, 0] as const), 4),
      weights: new Map([
        [1, 0],
        [2, 1],
        [3, 1],
        [4, 1],
      ]),
    };
    expect(countByGroup(after(cluster).owned)).toEqual(
      new Map([
        [2, 3],
        [3, 3],
        [4, 3],
      ]),
    );
  });

  it('gives by weight', () => {
    const cluster = {
      ...clusterOf(repeat(400, [1, 7] as const)),
      weights: new Map([
        [1, 1],
        [2, 2],
        [3, 1],
      ]),
    };
    expect(offBy(after(cluster))).toBeLessThanOrEqual(tolerance);
    const [first = 0, second = 0] = loadsOf(after(cluster));
    expect(second / first).toBeCloseTo(2, 0);
  });

  it('ends within the tolerance wherever no slot is larger than that', () => {
    fc.assert(
      fc.property(fine, (cluster) => {
        expect(offBy(after(cluster))).toBeLessThanOrEqual(tolerance + 1e-6);
      }),
    );
  });

  it.each([
    ['slots of about one size', anyCluster],
    ['some slots far larger than others', lopsided],
  ])('ends where no slot could go to make it better: %s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (before) => {
        const cluster = after(before);
        const mean = meanOf(cluster);
        const fills = fillsOf(cluster);
        for (const from of fills) {
          for (const to of fills) {
            const isOff =
              from.fill > mean * (1 + tolerance + 1e-6) || to.fill < mean * (1 - tolerance - 1e-6);
            if (!isOff) continue;
            const better = cluster.owned.filter((one) => {
              const size = cluster.sizes.get(keyOf(one)) ?? 0;
              const [sent, received] = [from.fill - size / from.weight, to.fill + size / to.weight];
              return (
                one.group === from.group &&
                sent >= to.fill &&
                received <= from.fill &&
                Math.abs(sent - received) < (from.fill - to.fill) * (1 - 1e-6)
              );
            });
            expect(better).toEqual([]);
          }
        }
      }),
    );
  });

  it.each([
    ['slots of about one size', anyCluster],
    ['some slots far larger than others', lopsided],
  ])('moves nothing when it is planned again after it is done: %s', (_, arbitrary) => {
    fc.assert(fc.property(arbitrary, (cluster) => expect(evenOut(after(cluster))).toEqual([])));
  });

  it('planned again half-way through, it still gets there', () => {
    fc.assert(
      fc.property(fine, fc.array(fc.boolean(), { maxLength: 200 }), (cluster, done) => {
        const half = after(
          cluster,
          evenOut(cluster).filter((_, at) => done[at]),
        );
        expect(offBy(after(half))).toBeLessThanOrEqual(tolerance + 1e-6);
      }),
    );
  });

  it('never makes the largest difference larger, and empties groups of weight 0', () => {
    fc.assert(
      fc.property(fc.oneof(anyCluster, lopsided), (cluster) => {
        const then = after(cluster);
        const weights = [...cluster.weights];
        for (const [group, weight] of weights)
          if (weight === 0) expect(countByGroup(then.owned).get(group)).toBeUndefined();
        if (weights.every(([, weight]) => weight > 0))
          expect(spread(then)).toBeLessThanOrEqual(spread(cluster) + 1e-6);
      }),
    );
  });

  it('moves no more slots of one size than evening out by their number does, for groups that count alike', () => {
    fc.assert(
      fc.property(clusters(fc.constant(3), { min: 1, max: 1 }), (cluster) => {
        const byCount = evenOutByCount(cluster.owned, cluster.weights);
        expect(evenOut(cluster).length).toBeLessThanOrEqual(byCount.length);
      }),
    );
  });

  it('moves every slot once, from where it is', () => {
    fc.assert(
      fc.property(fc.oneof(anyCluster, lopsided), (cluster) => {
        const moves = evenOut(cluster);
        const owners = new Map(cluster.owned.map((one) => [keyOf(one), one.group]));
        expect(new Set(moves.map(keyOf)).size).toBe(moves.length);
        for (const move of moves)
          expect([owners.get(keyOf(move)), move.to !== move.from]).toEqual([move.from, true]);
      }),
    );
  });

  it('is the same every time', () => {
    fc.assert(
      fc.property(fc.oneof(anyCluster, lopsided), (cluster) => {
        expect(evenOut({ ...cluster, owned: [...cluster.owned].reverse() })).toEqual(evenOut(cluster));
      }),
    );
  });

  it('plans 16,384 slots without keeping anybody waiting', () => {
    const sizes = Array.from({ length: 16_384 }, (_, slot) => (slot * 7_919) % 1_000);
    const cluster = clusterOf(sizes.map((size, slot) => [(slot % 2) + 1, size] as const));
    const began = performance.now();
    const moves = evenOut(cluster, 0.001);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(offBy(after(cluster, moves))).toBeLessThanOrEqual(0.001);
  });
});

describe('the goal of evening out by size', () => {
  const goal = (table?: number): RebalanceGoal => ({
    kind: 'even-by-size',
    measure: 'given',
    tolerance,
    ...(table === undefined ? {} : { table }),
  });
  const owned = [0, 1].flatMap((table) => [0, 1, 2].map((slot) => ({ table, slot, group: 1 })));
  const sizes = new Map(owned.map((one) => [keyOf(one), 10]));

  it('needs the size of every slot, and names those without one', () => {
    const cluster = clusterOf(repeat(40, [1, 1] as const));
    const some = new Map([...cluster.sizes].filter(([slot]) => Number(slot.slice(2)) >= 30));
    expect(() => planMoves(goal(), cluster.owned, [1, 2], some)).toThrow(PlanError);
    expect(() => planMoves(goal(), cluster.owned, [1, 2], some)).toThrow(
      'There is no size for slots 0-19 of table 0 and 10 more',
    );
    expect(() => planMoves(goal(), cluster.owned, [1, 2])).toThrow(/slots 0-19 of table 0 and 20 more/);
  });

  it('can be about one table', () => {
    const ofOne = new Map([...sizes].filter(([slot]) => slot.startsWith('1/')));
    expect(() => planMoves(goal(), owned, [1, 2, 3], ofOne)).toThrow(/slots 0-2 of table 0$/);
    const moves = planMoves(goal(1), owned, [1, 2, 3], ofOne);
    expect(moves.map(({ table, to }) => [table, to])).toEqual([
      [1, 3],
      [1, 2],
    ]);
  });

  it('takes weights as evening out by number does', () => {
    const weighted = { ...goal(), weights: { 1: 0, 2: 1, 3: 1 } } as RebalanceGoal;
    expect(planMoves(weighted, owned, [1, 2, 3], sizes)).toHaveLength(6);
    const unknown = { ...goal(), weights: { 9: 1 } } as RebalanceGoal;
    expect(() => planMoves(unknown, owned, [1, 2], sizes)).toThrow(/Group 9/);
  });
});

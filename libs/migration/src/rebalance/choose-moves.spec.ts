import { keyOf, parseTableSlots } from '@slotferry/cluster';
import fc from 'fast-check';
import { entry } from '../../test/board';
import { chooseMoves } from './choose-moves';
import type { RebalanceLimits } from './limits';
import type { BoardEntry } from './move-board';

const limits: RebalanceLimits = {
  inFlight: 4,
  perSource: 4,
  perTarget: 4,
  copiesPerSource: 4,
  copiesPerTarget: 4,
  maxFailed: 0,
};
const heavy = (one: BoardEntry): BoardEntry => ({ ...one, mayCopy: true });
const slotsOf = (entries: readonly BoardEntry[]): number[] => entries.map(({ move }) => move.slot);

const boards = fc
  .array(
    fc.record({
      stage: fc.constantFrom('waiting', 'waiting', 'moving', 'stuck', 'moved', 'skipped'),
      from: fc.integer({ min: 1, max: 3 }),
      to: fc.integer({ min: 4, max: 6 }),
      mayCopy: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((list) =>
    list.map(({ stage, from, to, mayCopy }, slot) => {
      const one = entry(slot, stage, from, to);
      return mayCopy ? heavy(one) : one;
    }),
  );
const anyLimits = fc.record({
  inFlight: fc.integer({ min: 1, max: 20 }),
  perSource: fc.integer({ min: 1, max: 10 }),
  perTarget: fc.integer({ min: 1, max: 10 }),
  copiesPerSource: fc.integer({ min: 1, max: 5 }),
  copiesPerTarget: fc.integer({ min: 1, max: 5 }),
  maxFailed: fc.constant(0),
  first: fc.constantFrom('', '0-9', '5,20-40', '1/0-9'),
});
const paces = fc.double({ min: 0, max: 1, noNaN: true });

const count = (entries: readonly BoardEntry[], keyOf: (one: BoardEntry) => number): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const one of entries) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  return counts;
};

/** How many moves of a list go from and to each group, and how many of these may cost a copy. */
const loadOf = (entries: readonly BoardEntry[]) => {
  const copies = entries.filter(({ mayCopy }) => mayCopy);
  const [sources, targets] = [count(entries, ({ move }) => move.from), count(entries, ({ move }) => move.to)];
  const [copySources, copyTargets] = [
    count(copies, ({ move }) => move.from),
    count(copies, ({ move }) => move.to),
  ];
  return {
    fromSource: ({ move }: BoardEntry): number => sources.get(move.from) ?? 0,
    toTarget: ({ move }: BoardEntry): number => targets.get(move.to) ?? 0,
    copiesFromSource: ({ move }: BoardEntry): number => copySources.get(move.from) ?? 0,
    copiesToTarget: ({ move }: BoardEntry): number => copyTargets.get(move.to) ?? 0,
  };
};

/** Which limits keep a move from being started beside those on the way, in the order in which they are looked at. */
const obstaclesOf = (one: BoardEntry, onTheWay: readonly BoardEntry[], given: RebalanceLimits): string[] => {
  const load = loadOf(onTheWay);
  return [
    ...(load.fromSource(one) >= given.perSource ? ['per-source'] : []),
    ...(load.toTarget(one) >= given.perTarget ? ['per-target'] : []),
    ...(one.mayCopy && load.copiesFromSource(one) >= given.copiesPerSource ? ['copies-per-source'] : []),
    ...(one.mayCopy && load.copiesToTarget(one) >= given.copiesPerTarget ? ['copies-per-target'] : []),
  ];
};

describe('chooseMoves', () => {
  it('never goes beyond a limit by what it starts, and starts only what waits', () => {
    fc.assert(
      fc.property(boards, anyLimits, paces, (board, given, pace) => {
        const { start } = chooseMoves(board, given, pace);
        expect(start.every(({ stage }) => stage === 'waiting')).toBe(true);
        expect(new Set(start).size).toBe(start.length);
        const moving = board.filter(({ stage }) => stage === 'moving');
        const after = [...moving, ...start];
        const allowed = Math.max(1, Math.floor(given.inFlight * pace));
        if (start.length > 0) expect(after.length).toBeLessThanOrEqual(allowed);
        const load = loadOf(after);
        for (const one of start) {
          expect(load.fromSource(one)).toBeLessThanOrEqual(given.perSource);
          expect(load.toTarget(one)).toBeLessThanOrEqual(given.perTarget);
          if (!one.mayCopy) continue;
          expect(load.copiesFromSource(one)).toBeLessThanOrEqual(given.copiesPerSource);
          expect(load.copiesToTarget(one)).toBeLessThanOrEqual(given.copiesPerTarget);
        }
      }),
    );
  });

  it('leaves nothing out that would fit, and names what binds', () => {
    fc.assert(
      fc.property(boards, anyLimits, paces, (board, given, pace) => {
        const { start, boundBy } = chooseMoves(board, given, pace);
        const after = [...board.filter(({ stage }) => stage === 'moving'), ...start];
        const left = board.filter((one) => one.stage === 'waiting' && !start.includes(one));
        const allowed = Math.max(1, Math.floor(given.inFlight * pace));
        switch (boundBy) {
          case 'nothing-left':
            return expect(left).toEqual([]);
          case 'in-flight':
            return expect([after.length >= given.inFlight, allowed]).toEqual([true, given.inFlight]);
          case 'slowed-down':
            expect(after.length).toBeGreaterThanOrEqual(allowed);
            return expect(allowed).toBeLessThan(given.inFlight);
          default: {
            const obstacles = left.map((one) => obstaclesOf(one, after, given));
            expect(obstacles.every((names) => names.length > 0)).toBe(true);
            return expect(obstacles.map(([name]) => name)).toContain(boundBy);
          }
        }
      }),
    );
  });

  it('lets pairs of groups take turns, those with the least on the way first', () => {
    const board = [
      ...[0, 1, 2, 3].map((slot) => entry(slot, 'waiting', 1)),
      ...[10, 11, 12].map((slot) => entry(slot, 'waiting', 2)),
    ];
    expect(slotsOf(chooseMoves(board, limits, 1).start)).toEqual([0, 10, 1, 11]);
    const busy = [...board, entry(4, 'moving', 1), entry(5, 'moving', 1)];
    expect(slotsOf(chooseMoves(busy, limits, 1).start)).toEqual([10, 11]);
  });

  it('starts no other move while one that is to go first would fit in its place', () => {
    fc.assert(
      fc.property(boards, anyLimits, paces, (board, given, pace) => {
        const first = new Set(parseTableSlots(given.first || '1/0').map(keyOf));
        const goesFirst = ({ move }: BoardEntry): boolean => first.has(keyOf(move));
        const { start } = chooseMoves(board, given, pace);
        const passedOver = board.filter(
          (one) => one.stage === 'waiting' && goesFirst(one) && !start.includes(one),
        );
        start.forEach((other, at) => {
          if (goesFirst(other)) return;
          const before = [...board.filter(({ stage }) => stage === 'moving'), ...start.slice(0, at)];
          for (const one of passedOver) expect(obstaclesOf(one, before, given)).not.toEqual([]);
        });
      }),
    );
  });

  it('starts the slots that are to go first before others, of all pairs and within the limits', () => {
    const board = [
      ...[0, 1, 2, 3].map((slot) => entry(slot, 'waiting', 1)),
      ...[10, 11, 12, 13].map((slot) => entry(slot, 'waiting', 2)),
    ];
    const chosen = (first: string, change: Partial<RebalanceLimits> = {}): number[] =>
      slotsOf(chooseMoves(board, { ...limits, ...change, first }, 1).start);
    expect(chosen('2-3')).toEqual([2, 3, 10, 11]);
    expect(chosen('3,12-13')).toEqual([3, 12, 13, 0]);
    expect(chosen('2-3', { inFlight: 1 })).toEqual([2]);
    expect(chosen('2-3', { perSource: 1 })).toEqual([2, 10]);
    expect(chosen('')).toEqual([0, 10, 1, 11]);
    expect(chosen('900')).toEqual([0, 10, 1, 11]);
    expect(chosen('1/2-3')).toEqual([0, 10, 1, 11]);
  });

  it('does not hold up light moves behind those of the same pair that may cost a copy', () => {
    const board = [
      ...[0, 1, 2].map((slot) => heavy(entry(slot, 'waiting'))),
      ...[3, 4].map((slot) => entry(slot, 'waiting')),
    ];
    const chosen = chooseMoves(board, { ...limits, copiesPerSource: 1 }, 1);
    expect(slotsOf(chosen.start).sort()).toEqual([0, 3, 4]);
    expect(chosen.boundBy).toBe('copies-per-source');
    const copying = [heavy(entry(9, 'moving')), ...board];
    expect(slotsOf(chooseMoves(copying, { ...limits, copiesPerSource: 1 }, 1).start)).toEqual([3, 4]);
  });

  it('gives the place of a copy to the next one as soon as its slot has caught up', () => {
    const board = [entry(0, 'moving'), heavy(entry(1, 'moving')), heavy(entry(2, 'waiting'))];
    expect(slotsOf(chooseMoves(board, { ...limits, copiesPerTarget: 1 }, 1).start)).toEqual([]);
    expect(slotsOf(chooseMoves(board, { ...limits, copiesPerTarget: 2 }, 1).start)).toEqual([2]);
  });

  it('counts copies for each group by itself', () => {
    const board = [
      ...[0, 1].map((slot) => heavy(entry(slot, 'waiting', 1, 4))),
      ...[2, 3].map((slot) => heavy(entry(slot, 'waiting', 2, 4))),
      ...[5, 6].map((slot) => heavy(entry(slot, 'waiting', 2, 5))),
    ];
    const many = { ...limits, inFlight: 16 };
    const started = (change: Partial<RebalanceLimits>): number[] =>
      slotsOf(chooseMoves(board, { ...many, ...change }, 1).start).sort((a, b) => a - b);
    expect(started({ copiesPerSource: 1 })).toEqual([0, 2]);
    expect(started({ copiesPerTarget: 1 })).toEqual([0, 5]);
    expect(started({ copiesPerSource: 2, copiesPerTarget: 2 })).toEqual([0, 2, 5]);
  });

  it('always lets one move run, however slow the pace', () => {
    const board = [entry(0, 'waiting'), entry(1, 'waiting')];
    expect(chooseMoves(board, limits, 0.01)).toMatchObject({ start: [board[0]], boundBy: 'slowed-down' });
    expect(chooseMoves([entry(0, 'moving'), entry(1, 'waiting')], limits, 0.01).start).toEqual([]);
  });

  it.each([
    ['in-flight', { inFlight: 2 }, 2],
    ['per-source', { perSource: 1 }, 1],
    ['per-target', { perTarget: 3 }, 3],
    ['nothing-left', {}, 4],
  ])('is bound by %s under %j', (boundBy, change, started) => {
    const choice = chooseMoves(
      [0, 1, 2, 3].map((slot) => entry(slot, 'waiting')),
      { ...limits, ...change },
      1,
    );
    expect([choice.boundBy, choice.start.length]).toEqual([boundBy, started]);
  });

  it.each([
    ['copies-per-source', { copiesPerSource: 2 }, 2],
    ['copies-per-target', { copiesPerTarget: 3 }, 3],
    ['copies-per-source', { copiesPerSource: 1, copiesPerTarget: 1 }, 1],
    ['per-source', { perSource: 1, copiesPerSource: 1 }, 1],
    ['in-flight', { inFlight: 2, copiesPerSource: 2 }, 2],
    ['nothing-left', {}, 4],
  ])('is bound by %s under %j where every move may cost a copy', (boundBy, change, started) => {
    const choice = chooseMoves(
      [0, 1, 2, 3].map((slot) => heavy(entry(slot, 'waiting'))),
      { ...limits, ...change },
      1,
    );
    expect([choice.boundBy, choice.start.length]).toEqual([boundBy, started]);
  });

  it('gives the place of a stuck move to another one', () => {
    const board = [entry(0, 'stuck'), entry(1, 'waiting'), entry(2, 'moved'), entry(3, 'skipped')];
    expect(slotsOf(chooseMoves(board, { ...limits, inFlight: 1 }, 1).start)).toEqual([1]);
  });
});

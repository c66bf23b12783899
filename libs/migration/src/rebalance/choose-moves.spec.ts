import fc from 'fast-check';
import { entry } from '../../test/board';
import { chooseMoves } from './choose-moves';
import type { RebalanceLimits } from './limits';
import type { BoardEntry } from './move-board';

const limits: RebalanceLimits = { inFlight: 4, perSource: 4, perTarget: 4, maxFailed: 0 };
const slotsOf = (entries: readonly BoardEntry[]): number[] => entries.map(({ move }) => move.slot);

const boards = fc
  .array(
    fc.record({
      stage: fc.constantFrom('waiting', 'waiting', 'moving', 'stuck', 'moved', 'skipped'),
      from: fc.integer({ min: 1, max: 3 }),
      to: fc.integer({ min: 4, max: 6 }),
    }),
    { maxLength: 60 },
  )
  .map((list) => list.map(({ stage, from, to }, slot) => entry(slot, stage, from, to)));
const anyLimits = fc.record({
  inFlight: fc.integer({ min: 1, max: 20 }),
  perSource: fc.integer({ min: 1, max: 10 }),
  perTarget: fc.integer({ min: 1, max: 10 }),
  maxFailed: fc.constant(0),
});
const paces = fc.double({ min: 0, max: 1, noNaN: true });

const count = (entries: readonly BoardEntry[], keyOf: (one: BoardEntry) => number): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const one of entries) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  return counts;
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
        const [sources, targets] = [
          count(after, ({ move }) => move.from),
          count(after, ({ move }) => move.to),
        ];
        for (const { move } of start) {
          expect(sources.get(move.from)).toBeLessThanOrEqual(given.perSource);
          expect(targets.get(move.to)).toBeLessThanOrEqual(given.perTarget);
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
        const [sources, targets] = [
          count(after, ({ move }) => move.from),
          count(after, ({ move }) => move.to),
        ];
        const sourceFull = ({ move }: BoardEntry): boolean =>
          (sources.get(move.from) ?? 0) >= given.perSource;
        const targetFull = ({ move }: BoardEntry): boolean => (targets.get(move.to) ?? 0) >= given.perTarget;
        switch (boundBy) {
          case 'nothing-left':
            return expect(left).toEqual([]);
          case 'in-flight':
            return expect([after.length >= given.inFlight, allowed]).toEqual([true, given.inFlight]);
          case 'slowed-down':
            expect(after.length).toBeGreaterThanOrEqual(allowed);
            return expect(allowed).toBeLessThan(given.inFlight);
          case 'per-source':
            return expect(left.every(sourceFull)).toBe(true);
          case 'per-target':
            expect(left.every((one) => sourceFull(one) || targetFull(one))).toBe(true);
            return expect(left.some(targetFull)).toBe(true);
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

  it('gives the place of a stuck move to another one', () => {
    const board = [entry(0, 'stuck'), entry(1, 'waiting'), entry(2, 'moved'), entry(3, 'skipped')];
    expect(slotsOf(chooseMoves(board, { ...limits, inFlight: 1 }, 1).start)).toEqual([1]);
  });
});

import * as fc from 'fast-check';
import { bytesBetween, comparePositions, type BinlogPosition } from '../binlog-position';
import { ballot, held, outcome } from './elect.fixture';
import { type Candidate, type CopyState, type ElectionInput } from './election';

const SLOTS = [0, 1, 2].map((slot) => ({ table: 0, slot }));

const position: fc.Arbitrary<BinlogPosition> = fc.record({
  file: fc.integer({ min: 0, max: 3 }),
  offset: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 104_857_599 })),
});
const rarely = <T>(value: T): { weight: number; arbitrary: fc.Arbitrary<T> } => ({
  weight: 1,
  arbitrary: fc.constant(value),
});
const state = fc.oneof(
  { weight: 20, arbitrary: fc.constant<CopyState>('following') },
  ...(['full-copy', 'hollow', 'broken', 'stranger', 'missing'] as const).map((flaw) =>
    rarely<CopyState>(flaw),
  ),
);
const candidate = (node: string): fc.Arbitrary<Candidate> =>
  fc.record({
    node: fc.constant(node),
    problem: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, rarely('it does not answer')),
    prefer: fc.boolean(),
    never: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, rarely(true)),
    zone: fc.constantFrom(null, 'east', 'west'),
    slots: fc.tuple(
      ...SLOTS.map((ref) =>
        fc
          .tuple(state, fc.oneof({ weight: 20, arbitrary: position }, rarely(null)))
          .map(([copyState, read]) => ({ ...ref, state: copyState, position: read })),
      ),
    ),
  });
const candidates = fc
  .uniqueArray(fc.constantFrom('a:1', 'b:1', 'c:1', 'd:1', 'e:1'), { maxLength: 5 })
  .chain((nodes) => fc.tuple(...nodes.map(candidate)));
const changes: fc.Arbitrary<Partial<ElectionInput>> = fc.record({
  slots: fc.constant(SLOTS),
  masterZone: fc.constantFrom(null, 'east', 'west'),
  maxLossBytes: fc.constantFrom(0, 1000, Number.MAX_SAFE_INTEGER),
  masterTrace: fc.array(
    fc.tuple(fc.constantFrom(...SLOTS), position).map(([ref, seen]) => ({ ...ref, position: seen, at: 1 })),
    { maxLength: 3 },
  ),
});

/** By the rules, told another way: every copy follows, every position was read, nobody forbade it. */
const mayWin = ({ problem, never, slots }: Candidate): boolean =>
  problem === null && !never && slots.every((copy) => copy.state === 'following' && copy.position !== null);
const positionOf = (of: Candidate, slot: number): BinlogPosition => {
  const found = of.slots[slot]?.position;
  if (!found) throw new Error(`${of.node} has no position of slot ${slot}`);
  return found;
};
/** Bytes by which `a` is ahead of `b`, all slots together. */
const lead = (a: Candidate, b: Candidate): number =>
  SLOTS.reduce((sum, { slot }) => sum + bytesBetween(positionOf(b, slot), positionOf(a, slot)), 0);

describe('over any positions', () => {
  it('somebody is elected or proposed whenever anybody may win, and always one of those', () => {
    fc.assert(
      fc.property(candidates, changes, (all, input) => {
        const election = held(all, input);
        const able = all.filter(mayWin).map(({ node }) => node);
        const best = election.kind === 'elected' ? election.winner : election.best;
        expect(able.length === 0 ? [null] : able).toContain(best);
        expect(
          election.verdicts
            .filter(({ eligible }) => eligible)
            .map(({ node }) => node)
            .sort(),
        ).toEqual(able.sort());
      }),
    );
  });

  it('nobody who may win is further than the winner', () => {
    fc.assert(
      fc.property(candidates, changes, (all, input) => {
        const election = held(all, input);
        const best = election.kind === 'elected' ? election.winner : election.best;
        const winner = all.find(({ node }) => node === best);
        for (const rival of winner ? all.filter(mayWin) : []) {
          expect(lead(rival, winner!)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('the order of the candidates and of what they hold changes nothing', () => {
    fc.assert(
      fc.property(candidates, changes, fc.infiniteStream(fc.nat()), (all, input, order) => {
        const shuffled = all
          .map((one) => ({ key: order.next().value, one: { ...one, slots: [...one.slots].reverse() } }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(held(shuffled, input)).toEqual(held(all, input));
      }),
    );
  });

  it('one more candidate that is no further, or may not win, leaves the winner the winner', () => {
    const better = fc.record({ prefer: fc.boolean(), zone: fc.constantFrom(null, 'east', 'west') });
    fc.assert(
      fc.property(candidates, changes, candidate('z:1'), better, (all, input, other, flags) => {
        const unlimited = { ...input, maxLossBytes: Number.MAX_SAFE_INTEGER };
        const before = held(all, unlimited);
        const winner = all.find(({ node }) => node === outcome(before));
        fc.pre(winner !== undefined);
        const worse = { ...other, ...(mayWin(other) && lead(other, winner) >= 0 ? { never: true } : flags) };
        expect(outcome(held([worse, ...all], unlimited))).toBe(winner.node);
      }),
    );
  });

  it('with its tails the winner has the most of every slot that anybody has who followed', () => {
    fc.assert(
      fc.property(candidates, changes, (all, input) => {
        const election = held(all, { ...input, maxLossBytes: Number.MAX_SAFE_INTEGER });
        const winner = all.find(({ node }) => node === outcome(election));
        fc.pre(winner !== undefined && election.kind === 'elected');
        for (const { slot } of SLOTS) {
          const tail = election.tails.find((one) => one.slot === slot);
          const source = all.find(({ node }) => node === tail?.from);
          if (tail) expect(source && positionOf(source, slot)).toEqual(tail.to);
          const reached = tail?.to ?? positionOf(winner, slot);
          const usable = all
            .filter(({ problem }) => problem === null)
            .flatMap(({ slots }) => slots[slot] ?? [])
            .flatMap((copy) => (copy.state === 'following' && copy.position ? [copy.position] : []));
          expect(usable.some((one) => comparePositions(one, reached) > 0)).toBe(false);
        }
      }),
    );
  });

  it('what an operator chose wins or is refused, and nobody else wins', () => {
    fc.assert(
      fc.property(candidates, changes, fc.constantFrom('a:1', 'b:1', 'z:1'), (all, input, chosen) => {
        expect([chosen, 'choice-refused']).toContain(outcome(held(all, { ...input, chosen })));
      }),
    );
  });

  it('the input is left as it was', () => {
    fc.assert(
      fc.property(candidates, changes, (all, input) => {
        const before = JSON.stringify(ballot(all, input));
        held(all, input);
        expect(JSON.stringify(ballot(all, input))).toBe(before);
      }),
    );
  });
});

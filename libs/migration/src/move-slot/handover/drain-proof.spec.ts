import * as fc from 'fast-check';
import { followerOf, masterOf, slotInfo } from '../../../test/slot-info';
import { type DrainLook, DrainProof, judgeDrain } from './drain-proof';

const [a, e] = ['10.0.0.1:9521', '10.0.0.5:9521'];
const judge = (
  source: ReturnType<typeof slotInfo> | null,
  target: ReturnType<typeof slotInfo> | null,
): DrainLook => judgeDrain({ address: a, info: source }, { address: e, info: target });
const level = (offset: number): DrainLook => ({ kind: 'level', position: { file: 0, offset } });

describe('judging one look while requests are held', () => {
  it('is level when the source reports no lag and both stand at one position', () => {
    expect(judge(masterOf(e, 80), followerOf(a, 80))).toEqual(level(80));
  });

  it('believes neither the lag nor the positions alone', () => {
    expect(judge(masterOf(e, 80, 0), followerOf(a, 70))).toEqual({ kind: 'behind', lag: 0 });
    expect(judge(masterOf(e, 80, 10), followerOf(a, 80))).toEqual({ kind: 'behind', lag: 10 });
    expect(judge(masterOf(e, 80, null), followerOf(a, 80))).toEqual({ kind: 'behind', lag: null });
  });

  it.each([
    ['the source lost the slot', null, followerOf(a, 80)],
    ['the target lost the slot', masterOf(e, 80), null],
    ['the target follows nobody', masterOf(e, 80), slotInfo({ at: 80 })],
    ['the target follows another node', masterOf(e, 80), followerOf('10.0.0.9:9521', 80)],
    ['the source does not list the target', slotInfo({ at: 80 }), followerOf(a, 80)],
    ['the source lists another node only', masterOf('10.0.0.9:9521', 80), followerOf(a, 80)],
  ])('is loose when %s', (_what, source, target) => {
    expect(judge(source, target).kind).toBe('loose');
  });
});

describe('the proof that a slot is drained', () => {
  it('needs two level looks in a row at one position', () => {
    const proof = new DrainProof();
    expect(proof.add(level(80))).toBeNull();
    expect(proof.nearlyProven).toBe(true);
    expect(proof.add(level(80))).toEqual({ file: 0, offset: 80 });
  });

  it('begins again when the position moved or a look was not level', () => {
    const proof = new DrainProof();
    expect(
      [level(80), level(90), { kind: 'behind', lag: 1 } as const].map((look) => proof.add(look)),
    ).toEqual([null, null, null]);
    expect(proof.nearlyProven).toBe(false);
    expect(proof.add(level(90))).toBeNull();
    expect(proof.add(level(90))).not.toBeNull();
  });

  it('is given exactly when the last two looks were level at one position', () => {
    const look = fc.oneof(
      fc.constantFrom(80, 90).map(level),
      fc.constant<DrainLook>({ kind: 'behind', lag: 3 }),
      fc.constant<DrainLook>({ kind: 'loose', message: 'gone' }),
    );
    fc.assert(
      fc.property(fc.array(look, { maxLength: 8 }), (looks) => {
        const proof = new DrainProof();
        const proven = looks.map((one) => proof.add(one) !== null);
        const wanted = looks.map((one, index) => {
          const before = looks[index - 1];
          return one.kind === 'level' && JSON.stringify(before) === JSON.stringify(one);
        });
        expect(proven).toEqual(wanted);
      }),
    );
  });
});

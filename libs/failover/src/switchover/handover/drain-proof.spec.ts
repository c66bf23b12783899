import type { SlotPositions } from '../../store/types';
import { position } from '../../slots/slot-info.fixture';
import { DrainProof } from './drain-proof';

const at = (...offsets: number[]): SlotPositions =>
  new Map([[0, new Map(offsets.map((offset, slot) => [slot, position(`0 ${offset}`)]))]]);

describe('the proof that a group is drained', () => {
  it('takes two looks in a row at the same positions', () => {
    const proof = new DrainProof();
    expect(proof.add(at(5, 9))).toBeNull();
    expect(proof.nearlyProven).toBe(true);
    expect(proof.add(at(5, 9))).toEqual(at(5, 9));
  });

  it('begins anew when one slot moved between them', () => {
    const proof = new DrainProof();
    proof.add(at(5, 9));
    expect(proof.add(at(5, 10))).toBeNull();
    expect(proof.add(at(5, 10))).toEqual(at(5, 10));
  });

  it('begins anew after a look at which something was missing', () => {
    const proof = new DrainProof();
    proof.add(at(5, 9));
    expect(proof.add(null)).toBeNull();
    expect(proof.nearlyProven).toBe(false);
    expect(proof.add(at(5, 9))).toBeNull();
  });

  it('does not take fewer slots for the same', () => {
    const proof = new DrainProof();
    proof.add(at(5, 9));
    expect(proof.add(at(5))).toBeNull();
  });
});
